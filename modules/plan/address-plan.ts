import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { DualAddress, DualPrefix } from "../core/dual.ts";
import type { Inventory, Link, PoolName, Pop } from "../inventory/model.ts";
import type { Allocation } from "./allocation.ts";
import { allocateAsns } from "./asn-plan.ts";
import { runnerSeats, type RunnerSeat } from "./backup-seats.ts";
import { ipv6Pool, mirroredAddress, mirroredPool } from "./ipv6-pools.ts";
import { Ledger } from "./ledger.ts";
import { LEAST_LINE, LEAST_SEGMENT } from "./segment-hosts.ts";
import type { ServerSeat } from "./servers.ts";
import { routerKey, type RouterSeat, type SegmentSeat, type Topology } from "./topology.ts";
import { BACKUP, DRC_STACK, MANAGEMENT } from "./part-names.ts";

/** Every address of the kabupaten, by who has it. */
export interface AddressPlan {
  readonly allocations: readonly Allocation[];
  readonly segments: ReadonlyMap<string, DualPrefix>;
  /** Per POP, its share of each pool that it uses. */
  readonly aggregates: ReadonlyMap<string, readonly DualPrefix[]>;
  /** Keyed by `routerKey`. */
  readonly loopbacks: ReadonlyMap<string, DualAddress>;
  /** Keyed by `routerKey`. */
  readonly management: ReadonlyMap<string, DualAddress>;
  readonly lans: ReadonlyMap<string, DualPrefix>;
  /** Keyed by `seatKey`. */
  readonly hosts: ReadonlyMap<string, DualAddress>;
  /** Keyed by `ServerSeat.service`. */
  readonly services: ReadonlyMap<string, DualAddress>;
  /** Keyed by `routerKey`. */
  readonly asns: ReadonlyMap<string, number>;
}

/** Key of a router's or server's address on a segment. */
export function seatKey(segment: string, name: string): string {
  return `${segment}/${name}`;
}

/** A segment of the WAN has room for 253 routers; a tenant's for 60 servers behind its gateway. */
const SEGMENT_LENGTHS = { ipv4: 24, ipv6: 64 };
/** And where the backup runners of all tenants stand, a thousand. */
const tenantLengths = (name: string) => ({ ipv4: name === BACKUP ? 22 : 26, ipv6: 64 });
/** Two addresses, one for each end (RFC 3021, RFC 6164). */
const LINK_LENGTHS = { ipv4: 31, ipv6: 127 };
/** A POP's usual share: a 64th of each pool. */
const SHARE_BITS = 6;
const SHARED_POOLS = ["loopback", "management", "perangkat-daerah", "desa"] as const;
type SharedPool = (typeof SHARED_POOLS)[number];
/** Pools of single addresses, whose IPv6 shares mirror the IPv4 ones. */
type SinglesPool = "loopback" | "management";

/** Gives every segment, router and server its addresses; what the lock pins stays, the rest follows from names. */
export function planAddresses(
  inventory: Inventory,
  topology: Topology,
  servers: readonly ServerSeat[],
): { readonly result: AddressPlan; readonly findings: readonly Diagnostic[] } {
  const book = new AddressBook(inventory);
  book.cutShares();
  for (const router of topology.routers) book.addDeviceAddress(router);
  for (const segment of topology.segments) book.addSegment(segment);
  for (const link of inventory.wan.links) book.addLink(link);
  for (const router of topology.routers) book.addHubs(router);
  for (const router of topology.routers) book.addPinnedLan(router);
  for (const router of topology.routers) book.addRouter(router);
  for (const server of servers) book.addServer(server);
  for (const runner of runnerSeats(inventory)) book.addRunner(runner);
  const asns = allocateAsns(inventory, topology.routers);
  return {
    result: { ...book.result(), asns: asns.result },
    findings: [...book.findings, ...asns.findings],
  };
}

class AddressBook {
  readonly #inventory: Inventory;
  readonly #ledger: Ledger;
  readonly #segments = new Map<string, DualPrefix>();
  readonly #shares = new Map<string, Map<SharedPool, DualPrefix>>();
  /** Of core routers and gateways: the last share of the pool, which no POP is given. */
  readonly #core = new Map<SinglesPool, DualPrefix>();
  /** The part of the pool `management` in which the stations of the Dinas stand; no router's address is cut from it. */
  #stations: DualPrefix | undefined;
  readonly #loopbacks = new Map<string, DualAddress>();
  readonly #management = new Map<string, DualAddress>();
  readonly #lans = new Map<string, DualPrefix>();
  readonly #hosts = new Map<string, DualAddress>();
  readonly #services = new Map<string, DualAddress>();
  /** Router that is the first host of a segment, by the segment's name. */
  readonly #first = new Map<string, RouterSeat>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    this.#ledger = new Ledger(inventory.lock, inventory.kabupaten.addressing);
  }

  get findings(): readonly Diagnostic[] {
    return this.#ledger.findings;
  }

  result(): Omit<AddressPlan, "asns"> {
    return {
      allocations: this.#ledger.allocations,
      segments: this.#segments,
      aggregates: new Map([...this.#shares].map(([pop, shares]) => [pop, [...shares.values()]])),
      loopbacks: this.#loopbacks,
      management: this.#management,
      lans: this.#lans,
      hosts: this.#hosts,
      services: this.#services,
    };
  }

  cutShares(): void {
    for (const name of ["loopback", "management"] as const) this.#cutCoreShare(name);
    this.#cutStations();
    for (const pop of this.#inventory.wan.pops)
      for (const pool of SHARED_POOLS) this.#cutShare(pop, pool);
  }

  #cutCoreShare(name: SinglesPool): void {
    const pool = mirroredPool(this.#pool(name));
    const at = this.#inventory.kabupaten.origin.at("addressing", "pools", name);
    const claim = { kind: "aggregate", owner: "core", name, at } as const;
    const share = this.#ledger.part(claim, pool.ipv4.length + SHARE_BITS, pool, true);
    if (share !== undefined) this.#core.set(name, share);
  }

  /** As large as a POP's share, and in IPv6 a /64 beside the one in which single addresses stand. */
  #cutStations(): void {
    const pool = this.#pool(MANAGEMENT);
    const at = this.#inventory.kabupaten.origin.at("addressing", "pools", MANAGEMENT);
    const claim = { kind: "aggregate", owner: "stations", name: MANAGEMENT, at } as const;
    const lengths = { ipv4: pool.ipv4.length + SHARE_BITS, ipv6: 64 };
    this.#stations = this.#ledger.network(claim, lengths, pool);
  }

  /** Every router has a loopback and a management address: where a POP has more room for the one, it has for the other. */
  #shareLength({ space }: Pop, name: SharedPool): number {
    const own = space.get(name);
    const length = this.#pool(name).ipv4.length + SHARE_BITS;
    const loopback = space.get("loopback");
    if (own !== undefined || name !== MANAGEMENT || loopback === undefined) return own ?? length;
    return length + loopback - (this.#pool("loopback").ipv4.length + SHARE_BITS);
  }

  #cutShare(pop: Pop, name: SharedPool): void {
    const pool = this.#pool(name);
    const claim = {
      kind: "aggregate",
      owner: pop.name,
      name,
      at: this.#inventory.wan.origin.at("pops", pop.name, "space", name),
    } as const;
    const length = this.#shareLength(pop, name);
    const share =
      name === "loopback" || name === MANAGEMENT
        ? this.#ledger.part(claim, length, mirroredPool(pool))
        : this.#ledger.network(claim, { ipv4: length, ipv6: pool.ipv6.length + SHARE_BITS }, pool);
    if (share === undefined) return;
    const shares = this.#shares.get(pop.name) ?? new Map<SharedPool, DualPrefix>();
    this.#shares.set(pop.name, shares.set(name, share));
  }

  addSegment({ name, kind, stack, at }: SegmentSeat): void {
    if (kind === "management") return this.#addStations({ name, at });
    const claim = { kind: kind === "tenant" ? "tenant" : "transit", owner: name, at } as const;
    const [lengths, pool] =
      kind === "tenant"
        ? [tenantLengths(name), this.#pool(stack === DRC_STACK ? "drc" : "pusat-data")]
        : [SEGMENT_LENGTHS, this.#pool("transit")];
    const prefix = this.#ledger.segment(claim, lengths, pool, LEAST_SEGMENT);
    if (prefix !== undefined) this.#segments.set(name, prefix);
  }

  /** A line between devices outside the engines: its numbers are planned, and nothing is built. */
  addLink({ name, between }: Link): void {
    const at = this.#inventory.wan.origin.at("links", name);
    const claim = { kind: "transit", owner: name, at } as const;
    const line = this.#ledger.segment(claim, LINK_LENGTHS, this.#pool("transit"), LEAST_LINE);
    if (line === undefined) return;
    const ends = between.map((end) => ({ ...claim, name: end }));
    // Whoever has an end keeps it, and the other is given what is left.
    for (const pinned of [true, false])
      for (const end of ends.filter((each) => this.#ledger.isPinned(each) === pinned))
        this.#ledger.lineEnd(end, line);
  }

  #addStations({ name, at }: Pick<SegmentSeat, "name" | "at">): void {
    const part = this.#stations;
    if (part === undefined) return;
    const lengths = { ipv4: part.ipv4.length, ipv6: part.ipv6.length };
    const prefix = this.#ledger.network({ kind: "tenant", owner: name, at }, lengths, part);
    if (prefix !== undefined) this.#segments.set(name, prefix);
  }

  /** Hubs come first on their segments, so that no other router is given their place. */
  addHubs(router: RouterSeat): void {
    for (const segment of router.down) {
      if (this.#isBackbone(segment) || this.#first.has(segment)) continue;
      this.#first.set(segment, router);
      this.#seat(segment, router, 1n);
    }
  }

  #isBackbone(segment: string): boolean {
    return this.#inventory.wan.segments.some(({ name }) => name === segment);
  }

  addRouter(router: RouterSeat): void {
    const own = router.down.filter((segment) => this.#first.get(segment) !== router);
    for (const segment of [...router.up, ...own]) this.#seat(segment, router);
    this.#addSingle(router, "loopback", this.#loopbacks);
    if (!this.#management.has(routerKey(router)))
      this.#addSingle(router, MANAGEMENT, this.#management);
    if (router.lan !== undefined && !this.#isPinnedLan(router)) this.#addLan(router, router.lan);
  }

  /** LANs that stand come before new ones, so that one that grows finds the room beside it. */
  addPinnedLan(router: RouterSeat): void {
    if (router.lan !== undefined && this.#isPinnedLan(router)) this.#addLan(router, router.lan);
  }

  #isPinnedLan(router: RouterSeat): boolean {
    return this.#ledger.isPinned({ kind: "lan", owner: router.name, at: router.at });
  }

  addServer({ name, tenant, kind, service, shared, own, at }: ServerSeat): void {
    const segment = this.#segments.get(tenant);
    const host = segment && this.#ledger.host({ kind, owner: tenant, name, at }, segment);
    if (host !== undefined) this.#hosts.set(seatKey(tenant, name), host);
    this.#addService(service, tenant, at);
    if (shared !== undefined) this.#addService(shared.service, tenant, at);
    if (own !== undefined) this.#addService(own, tenant, at);
  }

  /** The first to have one is its owner: servers that stand for others come after them. */
  #addService(name: string, owner: string, at: Place): void {
    if (this.#services.has(name)) return;
    const pool = mirroredPool(this.#pool("service"));
    const service = this.#ledger.single({ kind: "service", owner, name, at }, pool.ipv4, pool);
    if (service !== undefined) this.#services.set(name, service);
  }

  addRunner({ name, segment, at }: RunnerSeat): void {
    const prefix = this.#segments.get(segment);
    const claim = { kind: "tenant", owner: segment, name, at } as const;
    const host = prefix && this.#ledger.host(claim, prefix);
    if (host !== undefined) this.#hosts.set(seatKey(segment, name), host);
  }

  #seat(segment: string, router: RouterSeat, offset?: bigint): void {
    const prefix = this.#segments.get(segment);
    if (prefix === undefined) return;
    const tenant = segment === router.name && router.role === "gateway";
    const claim = tenant
      ? ({ kind: "tenant", owner: segment, name: "gateway", at: router.at } as const)
      : ({ kind: "transit", owner: segment, name: router.name, at: router.at } as const);
    const address = this.#ledger.host(claim, prefix, offset);
    if (address !== undefined) this.#hosts.set(seatKey(segment, router.name), address);
  }

  /** A device whose address lies in the pool `management` has that one; it comes before what is chosen by hash. */
  addDeviceAddress(router: RouterSeat): void {
    if (router.device === undefined) return;
    const pool = mirroredPool(this.#pool(MANAGEMENT));
    const wanted = mirroredAddress(router.device.address, pool);
    if (wanted === undefined) return;
    const claim = { kind: MANAGEMENT, owner: router.name, at: router.device.at } as const;
    const taken = this.#stations?.ipv4.contains(wanted) === true ? "the stations" : undefined;
    const address = this.#ledger.chosen(claim, wanted, pool, taken);
    if (address !== undefined) this.#management.set(routerKey(router), address);
  }

  #addSingle(router: RouterSeat, kind: SinglesPool, into: Map<string, DualAddress>): void {
    const pool = mirroredPool(this.#pool(kind));
    const share =
      router.pop === undefined ? this.#core.get(kind) : this.#shares.get(router.pop)?.get(kind);
    if (share === undefined) return;
    const claim = {
      kind,
      owner: router.name,
      ...(router.role === "gateway" && { name: "gateway" }),
      at: router.at,
    } as const;
    const address = this.#ledger.single(claim, share.ipv4, pool);
    if (address !== undefined) into.set(routerKey(router), address);
  }

  #addLan(router: RouterSeat, { length, pool }: NonNullable<RouterSeat["lan"]>): void {
    const share = router.pop && this.#shares.get(router.pop)?.get(pool);
    if (!share) return;
    const claim = { kind: "lan", owner: router.name, at: router.at } as const;
    const lan = this.#ledger.network(claim, { ipv4: length, ipv6: 64 }, share, this.#pool(pool));
    if (lan !== undefined) this.#lans.set(router.name, lan);
  }

  #pool(name: PoolName): DualPrefix {
    const { pools, ipv6 } = this.#inventory.kabupaten.addressing;
    return { ipv4: pools.get(name)!, ipv6: ipv6Pool(ipv6, name) };
  }
}
