import type { DnsPlan } from "../plan/dns-plan.ts";
import type { ConfigFile } from "./config-file.ts";
import { knotPrimaryConfig, knotSecondaryConfig } from "./knot.ts";
import { type TrustAnchor, unboundConfig } from "./unbound.ts";
import { zoneFileName, zoneText } from "./zone-text.ts";

/** All files of the name servers' volume: each server's `knot.conf`, and the zones beside the primary's. */
export function nameServerFiles(dns: DnsPlan): readonly ConfigFile[] {
  const { primary, secondaries, zones } = dns;
  const hostmaster = `hostmaster.${domainOf(dns)}`;
  return [
    { path: `${primary.name}/knot.conf`, text: knotPrimaryConfig(dns) },
    ...zones.map((zone) => ({
      path: `${primary.name}/zones/${zoneFileName(zone)}`,
      text: zoneText(zone, { hostmaster }),
    })),
    ...secondaries.map((server) => ({
      path: `${server.name}/knot.conf`,
      text: knotSecondaryConfig(dns, server),
    })),
  ];
}

/** All files of the resolvers' volume. */
export function resolverFiles(
  dns: DnsPlan,
  anchors: readonly TrustAnchor[],
): readonly ConfigFile[] {
  return dns.resolvers.map((resolver) => ({
    path: `${resolver.name}/unbound.conf`,
    text: unboundConfig(dns, resolver, anchors),
  }));
}

/** The kabupaten's own domain: the zone that all other names of ours end in. */
function domainOf({ zones }: DnsPlan): string {
  const forward = zones.map(({ name }) => name).filter((name) => !name.endsWith(".arpa."));
  const domain = forward.toSorted((a, b) => a.length - b.length)[0];
  if (domain === undefined) throw new Error("the plan has no zone but reverse ones");
  return domain;
}
