import { Address } from "../core/address.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import type { RecordPlan, ZonePlan } from "../plan/dns-plan.ts";
import { reverseName } from "../plan/reverse-zones.ts";
import { counted, shortList } from "./short-list.ts";
import type { VerifyContext } from "./topic.ts";
import type { ServedRecord, ServedZone } from "./zone-content.ts";

/** A name server and what it holds. */
export interface SeenNameServer {
  readonly name: string;
  readonly container: string;
  readonly isPrimary: boolean;
  /** Absent when its container does not run or its Knot does not answer. */
  readonly zones?: readonly ServedZone[];
}

/** Every server's zones against the plan, both ways, and the secondaries' against the primary's. */
export function compareZones(
  planned: readonly ZonePlan[],
  servers: readonly SeenNameServer[],
  { placeOf }: Pick<VerifyContext, "placeOf">,
): readonly Diagnostic[] {
  const primary = servers.find(({ isPrimary }) => isPrimary);
  return servers.flatMap((server) => {
    if (server.zones === undefined) return [];
    const served = new Map(server.zones.map((zone) => [zone.name, zone]));
    const held = planned.filter(({ name }) => served.has(name));
    return [
      ...zoneSet(planned, server, served),
      ...held.flatMap((zone) => recordsOf(zone, server, served.get(zone.name)!, placeOf)),
      ...behind(server, primary),
      ...unsigned(server),
      ...reverse(server),
    ];
  });
}

function zoneSet(
  planned: readonly ZonePlan[],
  server: SeenNameServer,
  served: ReadonlyMap<string, ServedZone>,
): readonly Diagnostic[] {
  const missing = planned.filter(({ name }) => !served.has(name)).map(({ name }) => name);
  const known = new Set(planned.map(({ name }) => name));
  const surplus = [...served.keys()].filter((name) => !known.has(name));
  const findings: readonly (Diagnostic | false)[] = [
    missing.length > 0 && {
      id: "zone-missing",
      severity: "error",
      what: `name server ${server.name} does not hold ${counted(missing.length, "zone")}: ${shortList(missing)}`,
      why: "questions about these names get no answer from it",
      fix: server.isPrimary
        ? `docker logs --tail 30 ${server.container} says which zone Knot refused and why`
        : `docker logs --tail 30 ${server.container}: transfers fail where the primary does not answer or the key differs`,
    },
    surplus.length > 0 && {
      id: "zone-unplanned",
      severity: "error",
      what: `name server ${server.name} holds ${counted(surplus.length, "zone")} that the plan does not have: ${shortList(surplus)}`,
      why: "it answers for names that nobody answers for",
      fix: "simpul deploy brings the planned configuration; a zone that was made by hand goes with knotc conf-unset",
    },
  ];
  return findings.filter((finding) => finding !== false);
}

/** Planned records that are not served, and served ones that nobody planned; times to live are left out. */
function recordsOf(
  zone: ZonePlan,
  server: SeenNameServer,
  served: ServedZone,
  placeOf: VerifyContext["placeOf"],
): readonly Diagnostic[] {
  const has = new Set(served.records.map(key));
  const wanted = new Set(zone.records.map(key));
  const missing = zone.records.filter((record) => !has.has(key(record)));
  const surplus = served.records.filter((record) => !wanted.has(key(record)));
  const findings: Diagnostic[] = [];
  if (missing.length > 0) {
    const at = placeOf((missing[0] as RecordPlan).owner);
    findings.push({
      id: "record-missing",
      severity: "error",
      ...(at !== undefined && { at }),
      what: `name server ${server.name} lacks ${counted(missing.length, "record")} of ${zone.name}: ${shortList(missing.map(key))}`,
      why: "the plan has them, so somebody relies on these names",
      fix: server.isPrimary
        ? "simpul deploy brings the planned zone to the primary"
        : `the primary notifies it of changes; docker exec ${server.container} knotc zone-refresh ${zone.name} asks for them`,
    });
  }
  if (surplus.length > 0)
    findings.push({
      id: "record-unplanned",
      severity: "error",
      what: `name server ${server.name} serves ${counted(surplus.length, "record")} of ${zone.name} that the plan does not have: ${shortList(surplus.map(key))}`,
      why: "a name outside the plan leads people to a place that nobody answers for",
      fix: "if it is wanted, put it into the inventory; simpul deploy takes what is not planned out of the zone",
    });
  return findings;
}

function key({ name, type, data }: ServedRecord): string {
  return `${name} ${type} ${data}`;
}

function behind(
  server: SeenNameServer,
  primary: SeenNameServer | undefined,
): readonly Diagnostic[] {
  if (server.isPrimary || primary?.zones === undefined) return [];
  const serials = new Map(primary.zones.map(({ name, serial }) => [name, serial]));
  const old = (server.zones ?? []).filter(
    ({ name, serial }) => serials.has(name) && serials.get(name) !== serial,
  );
  if (old.length === 0) return [];
  const names = old.map(({ name, serial }) => `${name} ${serial} instead of ${serials.get(name)}`);
  return [
    {
      id: "zone-behind",
      severity: "error",
      what: `name server ${server.name} holds ${counted(old.length, "zone")} with another serial than the primary: ${shortList(names)}`,
      why: "it gives yesterday's answers; NOTIFY brings a change within a second (RFC 1996)",
      fix: `docker exec ${server.container} knotc zone-refresh asks the primary at once; docker logs --tail 30 ${server.container} says why it fails`,
    },
  ];
}

function unsigned({ name, container, zones = [] }: SeenNameServer): readonly Diagnostic[] {
  const bare = zones.filter(({ signed }) => !signed).map((zone) => zone.name);
  if (bare.length === 0) return [];
  return [
    {
      id: "zone-unsigned",
      severity: "error",
      what: `name server ${name} holds ${counted(bare.length, "zone")} without signatures: ${shortList(bare)}`,
      why: "resolvers hold a trust anchor for each of our zones and refuse answers without signatures (RFC 4035)",
      fix: `docker logs --tail 30 ${container} names the key that is missing; simpul deploy brings the secrets to it`,
    },
  ];
}

/** An address that leads to a name must be that name's address. */
function reverse({ name: server, zones = [] }: SeenNameServer): readonly Diagnostic[] {
  const records = zones.flatMap((zone) => zone.records);
  const forward = new Set(
    records
      .filter(({ type }) => type === "A" || type === "AAAA")
      .map(({ name, data }) => `${reverseOf(data)} ${name}`),
  );
  const wrong = records.filter(
    ({ type, name, data }) => type === "PTR" && !forward.has(`${name} ${data}`),
  );
  if (wrong.length === 0) return [];
  return [
    {
      id: "reverse-mismatch",
      severity: "error",
      what: `on name server ${server}, ${counted(wrong.length, "reverse name")} without a way back: ${shortList(wrong.map(({ name, data }) => `${name} to ${data}`))}`,
      why: "mail servers and logs believe a name only when both directions agree (RFC 1912 section 2.1)",
      fix: "simpul deploy renews both zones; both come from the same plan",
    },
  ];
}

function reverseOf(text: string): string {
  const address = Address.parse(text);
  return address instanceof Fault ? "" : reverseName(address);
}
