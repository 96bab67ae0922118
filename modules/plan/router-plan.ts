import type { Dual, DualAddress, DualPrefix, DualPrefixes } from "../core/dual.ts";
import type { DeniedPorts, OuterAddress } from "../inventory/internet-model.ts";
import type { Contact } from "../inventory/model.ts";

/** What one router is to be; decided here, translated by render/ and constructs/. */
export interface RouterPlan {
  /** Slug, unique over all kinds: `core-pusat-data`, `pop-parakan`, `dinas-pendidikan`. Gateways carry their tenant's. */
  readonly name: string;
  /** Role in the contract of names: tenants' gateways are `gateway`, all others `router`. */
  readonly role: "router" | "gateway";
  readonly tier: "core" | "pop" | "perangkat-daerah" | "desa" | "gateway" | "exit";
  /** For people: `POP Parakan`. */
  readonly title: string;
  readonly stack: string;
  /** `external` routers are planned and peered with, but are no container. */
  readonly kind: "container" | "external";
  /** Private 4-byte ASN (RFC 6996). */
  readonly asn: number;
  /** On its `lo`; the IPv4 one is the router id. */
  readonly loopback: DualAddress;
  /** On its `lo` too: where the stations of the Dinas, and nobody else, reach the router itself. */
  readonly management: DualAddress;
  readonly interfaces: readonly InterfacePlan[];
  /** Of an external one. */
  readonly device?: DevicePlan;
  /** A LAN without containers: its first host address stands on `lo`. */
  readonly lan?: DualPrefix;
  /** Source of the router's own traffic: the LAN's first address where there is one, else the loopback. */
  readonly source: DualAddress;
  /** Fixed neighbours, towards the core. */
  readonly uplinks: readonly NeighbourPlan[];
  /** Segments on which any planned neighbour may call in (dynamic peers), away from the core. */
  readonly hubs: readonly HubPlan[];
  /** What it brings into BGP itself. */
  readonly originates: readonly OriginatedRoute[];
  /** More specific routes inside these stay behind the router: its neighbours towards the core get the aggregate. */
  readonly aggregates: DualPrefixes;
  readonly firewall: FirewallPlan;
  /**
   * Whole seconds for which it goes on forwarding after it has told its neighbours that it goes. Only of routers whose
   * neighbours have somewhere else to go; others stop at once.
   */
  readonly drainSeconds?: number;
  /** Of a tenant's gateway where there is a DRC: it writes down what it was switched to announce, in a volume of its own. */
  readonly recordsMoves?: true;
  /** Families in which the plan leads to the internet: here a default route is known, from above only. */
  readonly internet: readonly FamilyKey[];
  /** Of the one router that stands between the kabupaten and its provider. */
  readonly exit?: ExitPlan;
}

export type FamilyKey = keyof Dual<unknown>;

/** Somebody's router that is planned and peered with, and configured by its owner. */
export interface DevicePlan {
  readonly platform: "routeros" | "frr" | "bird";
  /** By which the centre reaches it, as the inventory says. */
  readonly address: string;
  /** Whether that is one of its planned addresses. */
  readonly planned: boolean;
  /** Whom to call about it. */
  readonly contact?: Contact | undefined;
}

/** Who reaches routers themselves (ADR-0015). */
export interface ManagementPlan {
  /** Every router's management address lies in it, and the stations' segment. */
  readonly pool: DualPrefix;
  /** The segment of the stations of the Dinas. */
  readonly stations: DualPrefix;
}

export interface InterfacePlan {
  readonly segment: string;
  readonly address: DualAddress;
  /** Of the segment. */
  readonly prefix: DualPrefix;
}

export interface NeighbourPlan {
  readonly router: string;
  readonly asn: number;
  readonly segment: string;
  readonly address: DualAddress;
  /** Milliseconds between two BFD packets (RFC 5880); who misses three is dead. */
  readonly bfdInterval: number;
}

export interface HubPlan {
  readonly segment: string;
  readonly prefix: DualPrefix;
  /** As its neighbours have it. */
  readonly bfdInterval: number;
  /** Below this router: they call in. */
  readonly peers: readonly HubPeer[];
  /** Other hubs of the segment, cores on a backbone: each tells the other all that it knows. */
  readonly beside: readonly BesidePeer[];
}

/** A neighbour, and all that it may announce. */
export interface HubPeer extends NeighbourPlan {
  readonly mayAnnounce: DualPrefixes;
  /** Of these, what another site's router may announce as well: seen from here it comes from either side. */
  readonly elsewhere?: DualPrefixes;
  /** Families in which it may announce the default route: the exit, and a core that passes it on to another. */
  readonly mayLeadOut?: readonly FamilyKey[];
}

export interface BesidePeer extends HubPeer {
  /** One of each pair dials, the other waits for its call. */
  readonly dialled: boolean;
}

export type OriginatedRoute =
  /** Its own: on `lo`, or on a connected segment. */
  | { readonly via: "self"; readonly prefix: DualPrefix }
  /** Covers what is behind it; unreachable where nothing more specific is known (RFC 4632 section 5.1). */
  | { readonly via: "aggregate"; readonly prefix: DualPrefix }
  | ServerRoute;

/** A service address, and the server on a segment of the router that holds it. */
export interface ServerRoute {
  readonly via: "server";
  readonly prefix: DualPrefix;
  readonly server: DualAddress;
  /** A router at the other site brings it, too, always or at times: it is believed and accepted from there. */
  readonly elsewhere?: true;
  /** How often the own ASN is put before the path: whoever says it longer is asked only where no other is heard. */
  readonly prepend?: number;
  /** Of what one of two sites announces (ADR-0034). */
  readonly move?: RouteSwitch;
}

/** A route that is switched by a live call and stays so over restarts. */
export interface RouteSwitch {
  /** Name of the service address: the VPS's. */
  readonly service: string;
  /** What holds until somebody switches it. */
  readonly announced: boolean;
}

/** The one place where packets leave the kabupaten and answers come back. */
export interface ExitPlan {
  /** Name of the segment between it and the provider; not one of the plan's own segments. */
  readonly segment: string;
  /** Port of the engine's host; without it the segment is a bridge of its own. */
  readonly interface?: string;
  readonly ipv4: OuterAddress;
  readonly ipv6?: OuterAddress;
  /** Of the line, bits per second each way. */
  readonly bandwidth: number;
  /** May open connections to anything on the internet but the denied ports. */
  readonly clients: DualPrefixes;
  /** What others may. */
  readonly openings: readonly Opening[];
  readonly denied: readonly DeniedPorts[];
  /** What strangers may ask at the outer address, and who answers. */
  readonly inbound?: { readonly to: DualAddress; readonly ports: readonly number[] };
  readonly classes: readonly ShapedClass[];
}

/** A share of the provider's line, the same in both directions. */
export interface ShapedClass {
  /** The agency's slug; `control` and `common` are nobody's. */
  readonly name: string;
  /** Minor number of the class, 2 to 65535. */
  readonly number: number;
  /** Bits per second that it has when all want more than there is. */
  readonly guaranteed: number;
  /** Bits per second that it never exceeds. */
  readonly most: number;
  /** Whose traffic it is. */
  readonly prefixes: DualPrefixes;
}

export interface FirewallPlan {
  /** `open` forwards everything the routes allow; `deny` only the openings and their answers. */
  readonly forward: "open" | "deny";
  /** What may be at the other end of a packet that one end in the kabupaten's block sends or gets. */
  readonly beyond: "nothing" | "internet";
  readonly openings: readonly Opening[];
  readonly management: ManagementPlan;
}

/** One permitted direction of new connections through a gateway. */
export interface Opening {
  /** Stable slug, shown in the rule's comment: `ssh-from-owner`. */
  readonly name: string;
  /** Empty lists in both families match nothing; undefined matches any source. */
  readonly from?: DualPrefixes;
  readonly to?: DualPrefixes;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Destination port; of TCP and UDP. */
  readonly port?: number;
}
