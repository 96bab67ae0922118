import type { Engine } from "../engine/docker-engine.ts";
import { runInside } from "./run-inside.ts";

/** One record that a name server holds. */
export interface ServedRecord {
  /** Absolute, with its final dot. */
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** One zone as a name server holds it. */
export interface ServedZone {
  readonly name: string;
  /** Of its SOA; 0 when it has none yet. */
  readonly serial: number;
  /** Has keys: its answers carry signatures. */
  readonly signed: boolean;
  /** Without SOA and what signing adds. */
  readonly records: readonly ServedRecord[];
}

/** Everything that a Knot server holds, catalog zones left out; undefined when it does not answer its control socket. */
export async function observeZones(
  engine: Engine,
  container: string,
): Promise<readonly ServedZone[] | undefined> {
  const script = "knotc --socket /run/knot/knot.sock zone-read --\n";
  const { code, stdout } = await runInside(engine, container, script, 20, "knot");
  return code === 0 ? parseZones(stdout) : undefined;
}

/** SOA and what a signer writes beside a record (RFC 4034, 5155, 7344, 8976). */
const MACHINERY = new Set([
  "CDNSKEY",
  "CDS",
  "DNSKEY",
  "NSEC",
  "NSEC3",
  "NSEC3PARAM",
  "RRSIG",
  "SOA",
  "ZONEMD",
]);

const LINE = /^\[(\S+)\] (\S+) (\d+) (\S+) (.*)$/gm;

/** Reads `knotc zone-read --`: lines `[zone] name ttl type data`. */
export function parseZones(output: string): readonly ServedZone[] {
  const zones = new Map<string, { serial: number; signed: boolean; records: ServedRecord[] }>();
  for (const [, zone, name, , type, data] of output.matchAll(LINE)) {
    const found = zones.get(zone!) ?? { serial: 0, signed: false, records: [] };
    zones.set(zone!, found);
    if (type === "SOA") found.serial = Number(data!.split(" ")[2]);
    if (type === "DNSKEY") found.signed = true;
    if (!MACHINERY.has(type!)) found.records.push({ name: name!, type: type!, data: data! });
  }
  return [...zones]
    .filter(([name, { records }]) => !isCatalog(name, records))
    .map(([name, zone]) => ({ name, ...zone }));
}

/** RFC 9432 section 4.1: a catalog zone says its version at a name of its own. */
function isCatalog(zone: string, records: readonly ServedRecord[]): boolean {
  return records.some(({ name, type }) => name === `version.${zone}` && type === "TXT");
}
