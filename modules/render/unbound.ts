import type { DnsPlan } from "../plan/dns-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { zoneFileName } from "./zone-text.ts";

/** The digest of a zone's key-signing key (RFC 4034 section 5): what validators start from. */
export interface TrustAnchor {
  /** Absolute, with its final dot. */
  readonly zone: string;
  readonly keyTag: number;
  /** 13: ECDSA P-256 with SHA-256 (RFC 6605). */
  readonly algorithm: number;
  /** 2: SHA-256 (RFC 4509). */
  readonly digestType: number;
  /** Hexadecimal, lower case. */
  readonly digest: string;
}

/**
 * Configuration of a validating resolver. It keeps a copy of each of our zones, validated below the zone's own trust
 * anchor, so that no name depends on whether a secondary lives; without a copy it asks the secondaries. It refuses all
 * other questions at once: without a way to the internet they would end in a time-out. It answers the kabupaten's own
 * block only.
 *
 * Written for unbound 1.17 (Debian 12).
 *
 * @param anchors those of other zones are passed over
 * @throws Error when one of our zones has none
 */
export function unboundConfig(
  dns: DnsPlan,
  resolver: ServerPlan,
  anchors: readonly TrustAnchor[],
): string {
  const own = [resolver.service.ipv4.text, resolver.service.ipv6.text];
  // Answers to what it asks at the shared address would reach whichever resolver is nearest.
  const listened = new Set([...own, dns.asked.ipv4.text, dns.asked.ipv6.text]);
  const zones = dns.zones.map(({ name }) => name);
  return `# ${resolver.name}: ${resolver.hostname}. Made from the plan; what is changed here by hand is lost.
server:
${[...listened].map((address) => `    interface: ${address}`).join("\n")}
${own.map((address) => `    outgoing-interface: ${address}`).join("\n")}
    access-control: 0.0.0.0/0 refuse
    access-control: ::/0 refuse
    access-control: ${dns.clients.ipv4.text} allow
    access-control: ${dns.clients.ipv6.text} allow
${FIXED}
    # Ours are asked for, whatever unbound has built in about private space (RFC 6303); nothing else has a way out.
    local-zone: "." refuse
${zones.map((zone) => `    local-zone: "${zone}" transparent`).join("\n")}

${zones.flatMap((zone) => anchorsOf(zone, anchors)).join("\n")}

remote-control:
    control-enable: yes
    control-interface: /run/unbound/control

${zones.map((zone) => copyOf(zone, dns.secondaries)).join("\n")}`;
}

/**
 * What is the same for every resolver. Serve-expired (RFC 8767): half a second without an answer, and the last known
 * one goes out, for a day. No aggressive NSEC: a new name must be seen although its neighbours
 * were asked for. A secondary that was not asked yet gets 100 ms, for all are near; a dead one is probed on.
 */
const FIXED = `    username: ""
    chroot: ""
    directory: "/run/unbound"
    pidfile: ""
    use-syslog: no
    logfile: ""
    verbosity: 1
    val-log-level: 2
    module-config: "validator iterator"
    num-threads: 2
    so-reuseport: yes
    edns-buffer-size: 1232
    msg-cache-size: 16m
    rrset-cache-size: 32m
    unknown-server-time-limit: 100
    infra-keep-probing: yes
    prefetch: yes
    prefetch-key: yes
    serve-expired: yes
    serve-expired-ttl: 86400
    serve-expired-client-timeout: 500
    hide-identity: yes
    hide-version: yes
    hide-trustanchor: yes
    trust-anchor-signaling: no
    root-key-sentinel: no
    qname-minimisation: yes
    minimal-responses: yes
    deny-any: yes
    aggressive-nsec: no
    harden-dnssec-stripped: yes
    harden-below-nxdomain: yes`;

function anchorsOf(zone: string, anchors: readonly TrustAnchor[]): readonly string[] {
  const own = anchors.filter((anchor) => anchor.zone === zone);
  if (own.length === 0) throw new Error(`zone ${zone} has no trust anchor`);
  return own.map(
    ({ keyTag, algorithm, digestType, digest }) =>
      `    trust-anchor: "${zone} DS ${keyTag} ${algorithm} ${digestType} ${digest}"`,
  );
}

/**
 * Service addresses only: a secondary may move. Unbound leaves a dead server alone for seconds and then both, when the
 * other one dies: with stubs alone 223 of 6,000 names that were in no cache got no answer while one secondary after
 * the other was killed, with copies none.
 */
function copyOf(zone: string, secondaries: readonly ServerPlan[]): string {
  const addresses = secondaries.flatMap(({ service }) => [service.ipv4.text, service.ipv6.text]);
  return `auth-zone:
    name: "${zone}"
${addresses.map((address) => `    primary: ${address}`).join("\n")}
    zonefile: "/var/lib/unbound/zones/${zoneFileName({ name: zone })}"
    fallback-enabled: yes
    for-downstream: no
    for-upstream: yes
stub-zone:
    name: "${zone}"
${addresses.map((address) => `    stub-addr: ${address}`).join("\n")}
`;
}
