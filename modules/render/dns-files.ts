import type { DnsPlan } from "../plan/dns-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import type { ConfigFile } from "./config-file.ts";
import { knotPrimaryConfig, knotSecondaryConfig } from "./knot.ts";
import { type TrustAnchor, unboundConfig } from "./unbound.ts";
import { zoneFileName, zoneText } from "./zone-text.ts";

/** The files of one stack's name servers, or of all: each server's `knot.conf`, and the zones beside the primary's. */
export function nameServerFiles(dns: DnsPlan, stack?: string): readonly ConfigFile[] {
  return [
    ...(isIn(dns.primary, stack) ? primaryFiles(dns) : []),
    ...dns.secondaries
      .filter((server) => isIn(server, stack))
      .map((server) => ({
        path: `${server.name}/knot.conf`,
        text: knotSecondaryConfig(dns, server),
      })),
  ];
}

function isIn({ stack }: ServerPlan, asked: string | undefined): boolean {
  return asked === undefined || stack === asked;
}

function primaryFiles(dns: DnsPlan): readonly ConfigFile[] {
  const { primary, zones } = dns;
  const hostmaster = `hostmaster.${domainOf(dns)}`;
  return [
    { path: `${primary.name}/knot.conf`, text: knotPrimaryConfig(dns) },
    ...zones.map((zone) => ({
      path: `${primary.name}/zones/${zoneFileName(zone)}`,
      text: zoneText(zone, { hostmaster }),
    })),
  ];
}

/** The files of one stack's resolvers, or of all. */
export function resolverFiles(
  dns: DnsPlan,
  anchors: readonly TrustAnchor[],
  stack?: string,
): readonly ConfigFile[] {
  return dns.resolvers
    .filter((resolver) => isIn(resolver, stack))
    .map((resolver) => ({
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
