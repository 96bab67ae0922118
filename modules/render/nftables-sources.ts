import type { Prefix } from "../core/prefix.ts";
import type { InterfacePlan, RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { nftablesSet } from "./nftables-set.ts";
import { withoutNested } from "./prefix-list.ts";

/** The chain that judges where packets from one segment say they come from (BCP 38), and the set it needs. */
export interface SourceCheck {
  readonly segment: string;
  readonly chain: string;
  readonly text: string;
}

/**
 * From a segment with hub peers or servers come only their planned prefixes; from one with an uplink anything but
 * what stands on this router's other side. A segment that is both (cores that peer over the backbone) counts as uplink.
 */
export function sourceCheck(router: RouterPlan, { segment, prefix }: InterfacePlan): SourceCheck {
  const slug = segment.replaceAll("-", "_");
  const isUplink = router.uplinks.some((uplink) => uplink.segment === segment);
  const hub = router.hubs.find((one) => one.segment === segment);
  const prefixes = ({ key }: Family): readonly Prefix[] => {
    if (isUplink) return ownPrefixes(router, key);
    if (hub) return hub.peers.flatMap(({ mayAnnounce }) => mayAnnounce[key]);
    return [prefix[key], ...serverPrefixes(router, key)];
  };
  const sets = FAMILIES.map((family) =>
    nftablesSet(
      `sources${family.number}_${slug}`,
      family.number,
      "prefixes",
      withoutNested(prefixes(family)).map(({ text }) => text),
    ),
  );
  const is = isUplink ? "" : "!= ";
  const rules = [
    // Errors come from routers' transit addresses, which nobody announces: path MTU and traceroute need them.
    ...(hub && !isUplink ? [ERRORS4, ERRORS6] : []),
    `ip saddr ${is}@sources4_${slug} counter name source_refused drop`,
    `ip6 saddr ${is}@sources6_${slug} counter name source_refused drop`,
    "goto verdict",
  ];
  const chain = `from_${slug}`;
  return {
    segment,
    chain,
    text: [...sets, `  chain ${chain} {\n    ${rules.join("\n    ")}\n  }`].join("\n\n"),
  };
}

const ERRORS4 =
  "icmp type { destination-unreachable, time-exceeded, parameter-problem } goto verdict";
const ERRORS6 =
  "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } goto verdict";

function ownPrefixes(router: RouterPlan, key: Family["key"]): readonly Prefix[] {
  return router.originates
    .filter(({ via }) => via !== "aggregate")
    .map(({ prefix }) => prefix[key]);
}

function serverPrefixes(router: RouterPlan, key: Family["key"]): readonly Prefix[] {
  return router.originates.filter(({ via }) => via === "server").map(({ prefix }) => prefix[key]);
}
