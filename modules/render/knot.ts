import type { Dual, DualAddress } from "../core/dual.ts";
import type { DnsPlan, ZonePlan } from "../plan/dns-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { zoneFileName } from "./zone-text.ts";

/** RFC 9432 section 3: a name that can be no other zone's. */
const CATALOG = "catalog.invalid.";

/** Holds the TSIG key; filled beside the configuration, never by it (modules/engine/dns-keys.ts). */
const TSIG_FILE = "/run/simpul-secrets/tsig.conf";
/** Id of that key in the file. */
export const TSIG_KEY = "simpul-transfer";

/**
 * Configuration of the hidden primary: signs every zone, hands them to the secondaries, and tells these of zones that
 * come and go by a catalog zone (RFC 9432). It answers nobody else. The keys come from the secrets
 * (images/name-server/entrypoint.sh).
 *
 * Written for Knot 3.2 (Debian 12).
 */
export function knotPrimaryConfig(dns: DnsPlan): string {
  const { primary, secondaries } = dns;
  const sources = secondaries.flatMap((secondary) => both(transferAddress(secondary, primary)));
  const own = ownAddresses(primary, secondaries);
  const shared = `notify: [${secondaries.map(({ name }) => name).join(", ")}]
    acl: secondaries
    journal-content: all
    zonefile-sync: -1`;
  return `${head(primary, own)}
remote:
${secondaries.map((secondary) => remote(secondary.name, secondary, primary)).join("\n")}

acl:
  - id: secondaries
    address: ${list(sources)}
    key: ${TSIG_KEY}
    action: transfer

${SIGNING_POLICY}

# Hidden: none but the secondaries and this server itself gets an answer.
mod-queryacl:
  - id: hidden
    address: ${list([...sources, ...own])}

template:
  - id: default
    global-module: mod-queryacl/hidden
    ${shared}
  - id: signed
    storage: /etc/simpul/${primary.name}/zones
    semantic-checks: on
    # The file says what is in the zone. The serial is counted here, by the clock: it rises also after a lost journal.
    zonefile-load: difference-no-serial
    serial-policy: unixtime
    dnssec-signing: on
    dnssec-policy: simpul
    catalog-role: member
    catalog-zone: ${CATALOG}
    ${shared}

zone:
  - domain: ${CATALOG}
    catalog-role: generate
${dns.zones.map(signedZone).join("\n")}
`;
}

/**
 * Configuration of a public secondary. It names no zone but the catalog: the others come and go with that, without a
 * restart. Internal zones are answered to the kabupaten's own block only, and whole zones given to its resolvers
 * only: these are known by their addresses, for unbound 1.17 has no TSIG; what they get, they validate.
 */
export function knotSecondaryConfig(dns: DnsPlan, server: ServerPlan): string {
  const { primary, resolvers, clients } = dns;
  const block = list(both(clients));
  const source = both(transferAddress(primary, server));
  const own = ownAddresses(server, [primary]);
  const shared = `acl: [primary, resolvers]
    notify: [${resolvers.map(({ name }) => name).join(", ")}]
    ${MEMBER}`;
  return `${head(server, own)}
remote:
${remote("primary", primary, server)}
${resolvers.map(({ name, service }) => toBeNotified(name, service, server)).join("\n")}

acl:
  - id: primary
    address: ${list(source)}
    key: ${TSIG_KEY}
    action: notify
  - id: resolvers
    address: ${list(resolvers.flatMap(({ service }) => both(service)))}
    action: transfer

# Against being used to flood others with answers; our own may ask as much as they like.
mod-rrl:
  - id: strangers
    rate-limit: 200
    slip: 2
    whitelist: ${block}

mod-queryacl:
  - id: internal
    address: ${block}
  # A list of all zones is nobody's business.
  - id: servers
    address: ${list([...source, ...own])}

template:
  - id: default
    global-module: mod-rrl/strangers
    acl: primary
    ${MEMBER}
  - id: public
    ${shared}
  - id: internal
    module: mod-queryacl/internal
    ${shared}

zone:
  - domain: ${CATALOG}
    module: mod-queryacl/servers
    catalog-role: interpret
    catalog-template: [public, internal]
`;
}

/** Zones live in the journal, for as long as their SOA says; a NOTIFY that got lost costs at most a minute. */
const MEMBER = `master: primary
    zonefile-load: none
    zonefile-sync: -1
    journal-content: all
    refresh-max-interval: 60
    retry-max-interval: 5`;

/**
 * One key for all signatures of a zone, and no end to its life: it is the trust anchor in the plan, and a primary that
 * lost its state signs with the same again. With a zone-signing key that Knot makes, every resolver that remembers the
 * lost one finds the zone bogus until its DNSKEY expires (seen in test/twin). NSEC3 is without iterations or salt
 * (RFC 9276 section 3.1). Signatures outlive a primary that is gone for a week.
 */
const SIGNING_POLICY = `policy:
  - id: simpul
    algorithm: ecdsap256sha256
    single-type-signing: on
    ksk-lifetime: 0
    dnskey-ttl: 3600
    rrsig-lifetime: 14d
    rrsig-refresh: 7d
    nsec3: on
    nsec3-iterations: 0
    nsec3-salt-length: 0
    reproducible-signing: on`;

function head(server: ServerPlan, listen: readonly string[]): string {
  return `# ${server.name}: ${server.hostname}. Made from the plan; what is changed here by hand is lost.
server:
    rundir: /run/knot
    listen: ${list(listen.map(onPort53))}
    # Strangers learn neither what answers them nor its version.
    identity: ""
    version: ""
    nsid: ""
    udp-workers: 2
    tcp-workers: 2
    background-workers: 2

log:
  - target: stderr
    any: info

# Together less than the volume (modules/constructs/name-service.ts): a database that finds no room ends the server.
database:
    storage: /var/lib/knot
    journal-db-max-size: 96M
    kasp-db-max-size: 16M
    timer-db-max-size: 8M
    catalog-db-max-size: 8M

include: ${TSIG_FILE}
`;
}

/** A server as another one reaches it; `via` makes sure of the source that the other's ACL expects. */
function remote(id: string, of: ServerPlan, from: ServerPlan): string {
  return `  - id: ${id}
    address: ${list(both(transferAddress(of, from)).map(onPort53))}
    via: ${list(both(transferAddress(from, of)))}
    key: ${TSIG_KEY}`;
}

/** A resolver knows the secondaries by their service addresses. */
function toBeNotified(id: string, to: DualAddress, from: ServerPlan): string {
  return `  - id: ${id}
    address: ${list(both(to).map(onPort53))}
    via: ${list(both(from.service))}`;
}

/** The file is named, not `%s`: Knot would write `/` and others of a zone's name in its own way. */
function signedZone(zone: ZonePlan): string {
  return `  - domain: ${zone.name}
    template: signed
    file: ${zoneFileName(zone)}
    catalog-group: ${zone.visibility}`;
}

/** Where a server meets its peers: on the segment when they share it, so that no router is needed. */
function transferAddress(of: ServerPlan, peer: ServerPlan): DualAddress {
  return of.segment === peer.segment ? of.address : of.service;
}

function ownAddresses(server: ServerPlan, peers: readonly ServerPlan[]): readonly string[] {
  const addresses = [server.service, ...peers.map((peer) => transferAddress(server, peer))];
  return [...new Set(addresses.flatMap(both))];
}

function both({ ipv4, ipv6 }: Dual<{ readonly text: string }>): readonly string[] {
  return [ipv4.text, ipv6.text];
}

function onPort53(address: string): string {
  return `${address}@53`;
}

function list(items: readonly string[]): string {
  return `[${items.join(", ")}]`;
}
