import type { DualAddress } from "../../modules/core/dual.ts";
import type { DnsPlan, RecordPlan, ZonePlan } from "../../modules/plan/dns-plan.ts";
import type { ServerPlan } from "../../modules/plan/vps-plan.ts";
import { addresses, BLOCK, prefixes } from "./router-fixture.ts";

/** A small name service made by hand, in the block of router-fixture.ts: its segment is nobody else's. */
export const DNS_SEGMENT = {
  name: "dinas-kominfo",
  prefix: prefixes("10.211.7.0/24", "fd5c:ad00:7031:77::/64"),
};
export const GATEWAY = onSegment(1);

export const PRIMARY = server("ns-primary", 10, "ns-primary.intra.ujikab.go.id");
export const NS1 = server("ns1", 11, "ns1.ujikab.go.id");
export const NS2 = server("ns2", 12, "ns2.ujikab.go.id");
export const RESOLVER = server("resolver1", 13, "resolver1.intra.ujikab.go.id");

export const PUBLIC = "ujikab.go.id.";
export const INTERNAL = "intra.ujikab.go.id.";
export const REVERSE4 = "210.10.in-addr.arpa.";
export const REVERSE6 = "1.3.0.7.0.0.d.a.c.5.d.f.ip6.arpa.";

/** The service's plan; `extra` records go to the zones whose names end theirs. */
export function dnsPlan(
  extra: readonly RecordPlan[] = [],
  more: readonly ZonePlan[] = [],
): DnsPlan {
  const www = record(`www.${PUBLIC}`, "A", "10.210.128.50");
  const pointer = record(`50.128.${REVERSE4}`, "PTR", `www.${PUBLIC}`);
  const router = record(`router.${INTERNAL}`, "AAAA", "fd5c:ad00:7031:1::1");
  const hosts = [NS1, NS2].flatMap(({ hostname, service }) => [
    record(`${hostname}.`, "A", service.ipv4.text),
    record(`${hostname}.`, "AAAA", service.ipv6.text),
  ]);
  const zones = [
    zone(REVERSE4, "internal", [pointer, ...extra]),
    zone(REVERSE6, "internal", extra),
    zone(INTERNAL, "internal", [router, ...extra]),
    zone(PUBLIC, "public", [www, ...hosts, ...extra]),
    ...more,
  ];
  return {
    zones: zones.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    primary: PRIMARY,
    secondaries: [NS1, NS2],
    resolvers: [RESOLVER],
    asked: RESOLVER.service,
    clients: BLOCK,
  };
}

export function record(name: string, type: RecordPlan["type"], data: string): RecordPlan {
  return { name, type, ttl: 300, data, owner: "dinas-kominfo" };
}

/** A zone with its name servers and those of the records that are its own. */
export function zone(
  name: string,
  visibility: ZonePlan["visibility"],
  records: readonly RecordPlan[],
): ZonePlan {
  const servers = [NS1, NS2].map(({ hostname }) => record(name, "NS", `${hostname}.`));
  const inner = name === PUBLIC ? `.${INTERNAL}` : " ";
  const own = records.filter(
    (each) => each.name.endsWith(`.${name}`) && !each.name.endsWith(inner),
  );
  const key = (each: RecordPlan): string => `${each.name} ${each.type} ${each.data}`;
  return {
    name,
    visibility,
    records: [...servers, ...own].toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
  };
}

function server(name: string, number: number, hostname: string): ServerPlan {
  return {
    name,
    stack: "dns",
    segment: DNS_SEGMENT.name,
    address: onSegment(number),
    gateway: GATEWAY,
    service: addresses(`10.210.129.${number}`, `fd5c:ad00:7031:5::${number}`),
    hostname,
  };
}

function onSegment(number: number): DualAddress {
  return addresses(`10.211.7.${number}`, `fd5c:ad00:7031:77::${number}`);
}
