import type { ZonePlan } from "../plan/dns-plan.ts";

/** What a zone's SOA needs beside the zone itself. */
export interface ZoneTextOptions {
  /** Mailbox of who answers for the zone, as a name with its final dot: `hostmaster.temanggungkab.go.id.` */
  readonly hostmaster: string;
}

/**
 * SOA timers in seconds (RFC 1912 section 2.2). Secondaries hear of changes by NOTIFY; `retry` is also how soon Knot
 * repeats a NOTIFY that got no answer. `minimum` is how long a resolver may believe that a name does not exist
 * (RFC 2308): short, for the next deploy may bring it.
 */
const SOA = { refresh: 300, retry: 30, expire: 1_209_600, minimum: 60 };
const SOA_TTL = 3600;

/**
 * One zone as a master file (RFC 1035 section 5), one record a line, all names absolute. Its serial stays 1: the
 * primary counts serials itself and passes over the file's (Knot: `difference-no-serial`).
 *
 * @throws Error when the plan gave the zone no NS record at its apex
 */
export function zoneText(zone: ZonePlan, { hostmaster }: ZoneTextOptions): string {
  const nameServer = zone.records.find(({ name, type }) => name === zone.name && type === "NS");
  if (nameServer === undefined) throw new Error(`zone ${zone.name}: no NS record at its apex`);
  const { refresh, retry, expire, minimum } = SOA;
  const soa = `${nameServer.data} ${hostmaster} 1 ${refresh} ${retry} ${expire} ${minimum}`;
  const records = zone.records.map(
    ({ name, ttl, type, data }) => `${name} ${ttl} IN ${type} ${data}`,
  );
  return `${[`${zone.name} ${SOA_TTL} IN SOA ${soa}`, ...records].join("\n")}\n`;
}

/** Name of the zone's file: that of the zone without its final dot, as Knot's `%s` has it. */
export function zoneFileName(zone: Pick<ZonePlan, "name">): string {
  return `${zone.name.slice(0, -1)}.zone`;
}
