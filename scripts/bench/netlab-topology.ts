import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";

/** Room for every LAN in netlab's own pools: it numbers links itself. */
const POOLS = {
  lan: { ipv4: "10.0.0.0/9", ipv6: "fd00:1::/48", prefix: 24 },
  loopback: { ipv4: "10.255.0.0/18", ipv6: "fd00:2::/48" },
};

/**
 * The same WAN for netlab: every router that runs here with an AS number of its own, every segment as a link with all
 * that stand on it, and each LAN as a stub. JSON, which is YAML, too.
 */
export function netlabTopology({ routers }: KabupatenPlan): string {
  const wan = routers.filter(({ role, kind }) => role === "router" && kind === "container");
  const names = new Map(wan.map(({ name }, index) => [name, `r${index}`]));
  const segments = new Map<string, string[]>();
  for (const { name, interfaces } of wan)
    for (const { segment } of interfaces)
      segments.set(segment, [...(segments.get(segment) ?? []), names.get(name)!]);
  const shared = [...segments.values()].filter((nodes) => nodes.length > 1);
  const stubs = wan.filter(({ lan }) => lan !== undefined).map(({ name }) => [names.get(name)!]);
  return JSON.stringify({
    provider: "clab",
    defaults: { device: "frr" },
    addressing: POOLS,
    module: ["bgp"],
    nodes: Object.fromEntries(wan.map(({ name, asn }) => [names.get(name)!, { bgp: { as: asn } }])),
    links: [...shared, ...stubs].map((nodes) =>
      Object.fromEntries(nodes.map((node) => [node, {}])),
    ),
  });
}
