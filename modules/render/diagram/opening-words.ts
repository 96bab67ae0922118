import type { DualPrefixes } from "../../core/dual.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { Opening, RouterPlan } from "../../plan/router-plan.ts";
import { hostPrefix, prefixLists } from "../../plan/routing.ts";
import type { ServerPlan } from "../../plan/vps-plan.ts";

/** Openings of all gateways towards one server: `TCP 443 from anybody`. */
export function openingsTo(plan: KabupatenPlan, server: ServerPlan): readonly string[] {
  const openings = allOpenings(plan).filter(({ to }) => leadsTo(to, server));
  return merged(openings, ({ from }) => `from ${sourceWords(plan, from)}`);
}

/** Openings that a server may use itself: `UDP 53 to resolver1`. */
export function openingsFrom(plan: KabupatenPlan, server: ServerPlan): readonly string[] {
  const own = plan.routers.find(
    ({ role, interfaces }) =>
      role === "gateway" && interfaces.some(({ segment }) => segment === server.segment),
  );
  const openings = (own?.firewall.openings ?? []).filter(
    ({ from }) => from !== undefined && leadsTo(from, server),
  );
  return merged(openings, ({ to }) => `to ${serversIn(plan, to).join(", ") || "anybody"}`);
}

/** What the devices on a router's LAN may reach, by server: `TCP 443`. */
export function reachableFrom(
  plan: KabupatenPlan,
  { lan }: RouterPlan,
): readonly { readonly server: ServerPlan; readonly how: readonly string[] }[] {
  if (lan === undefined) return [];
  const open = allOpenings(plan).filter(
    ({ from }) => from === undefined || from.ipv4.some((prefix) => prefix.contains(lan.ipv4)),
  );
  return allServers(plan)
    .map((server) => ({
      server,
      how: merged(
        open.filter(({ to }) => leadsTo(to, server)),
        () => "",
      ),
    }))
    .filter(({ how }) => how.length > 0);
}

function allServers({ dns, vps, colocation }: KabupatenPlan): readonly ServerPlan[] {
  const all = [dns.primary, ...dns.secondaries, ...dns.resolvers, ...vps, ...colocation];
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the edge asks of servers is asked for somebody: for them the way is open. */
function allOpenings({ routers, edge }: KabupatenPlan): readonly Opening[] {
  const all = routers.flatMap(({ firewall }) =>
    firewall.forward === "deny" ? firewall.openings : [],
  );
  const edges = edge?.servers.map(({ service }) => service.ipv4.hostPrefix) ?? [];
  const isOfEdge = ({ from }: Opening): boolean =>
    from !== undefined &&
    from.ipv4.length > 0 &&
    from.ipv4.every(({ text }) => edges.includes(text));
  const published = (edge?.publications ?? []).map(({ id, from, target }): Opening => ({
    name: id,
    ...(from !== undefined && { from }),
    to: prefixLists([hostPrefix(target)]),
    protocol: "tcp",
    port: 443,
  }));
  return [...all.filter((one) => !isOfEdge(one)), ...published];
}

function leadsTo(to: DualPrefixes | undefined, { service }: ServerPlan): boolean {
  return to === undefined || to.ipv4.some((prefix) => service.ipv4.isIn(prefix));
}

/** One line for each peer, its protocols together and sorted: `UDP 53, TCP 53 to resolver1`. */
function merged(
  openings: readonly Opening[],
  peer: (opening: Opening) => string,
): readonly string[] {
  const byPeer = new Map<string, Set<string>>();
  for (const opening of openings) {
    const ways = byPeer.get(peer(opening)) ?? new Set<string>();
    byPeer.set(peer(opening), ways.add(way(opening)));
  }
  return [...byPeer]
    .map(([words, ways]) => `${[...ways].toSorted().join(", ")} ${words}`.trimEnd())
    .toSorted();
}

function way({ protocol, port }: Opening): string {
  if (protocol === "icmp") return "ping";
  const name = port === 22 ? " (SSH)" : port === 53 ? " (DNS)" : port === 443 ? " (HTTPS)" : "";
  return `${protocol.toUpperCase()} ${port ?? "any"}${name}`;
}

function sourceWords(plan: KabupatenPlan, from: DualPrefixes | undefined): string {
  if (from === undefined) return "anybody, also on the internet";
  if (from.ipv4.some((prefix) => prefix.contains(plan.block.ipv4))) return "all of the kabupaten";
  const lans = plan.routers
    .filter(({ lan }) => lan !== undefined && from.ipv4.some((prefix) => prefix.contains(lan.ipv4)))
    .map(({ title }) => title)
    .toSorted();
  const words = [...lans, ...serversIn(plan, from)];
  return words.length === 0 ? "nobody" : words.join("; ");
}

function serversIn(plan: KabupatenPlan, prefixes: DualPrefixes | undefined): readonly string[] {
  if (prefixes === undefined) return [];
  return allServers(plan)
    .filter(({ service }) => prefixes.ipv4.some((prefix) => service.ipv4.isIn(prefix)))
    .map(({ name }) => name);
}
