import type { DualAddress, DualPrefix } from "../../core/dual.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";

/** What an ellipsis stands for in a picture: the start of the kabupaten's own IPv6 block, `fd33:23a5:71c0`. */
export function ipv6Start({ block }: KabupatenPlan): string {
  return block.ipv6.text.replace(/::\/\d+$/, "");
}

/** IPv4 whole, IPv6 without the start that all of ours share: `10.68.3.0/24`, `…:8003::/64`. */
export function shortPair(
  plan: KabupatenPlan,
  { ipv4, ipv6 }: DualAddress | DualPrefix,
): readonly [string, string] {
  const start = ipv6Start(plan);
  const isOurs = ipv6.text.startsWith(`${start}:`);
  return [ipv4.text, isOurs ? `…${ipv6.text.slice(start.length)}` : ipv6.text];
}
