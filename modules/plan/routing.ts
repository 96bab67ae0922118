import { Address } from "../core/address.ts";
import type { DualAddress, DualPrefix, DualPrefixes } from "../core/dual.ts";
import { Prefix } from "../core/prefix.ts";
import { seatKey, type AddressPlan } from "./address-plan.ts";
import type {
  BesidePeer,
  DevicePlan,
  ExitPlan,
  FamilyKey,
  FirewallPlan,
  HubPeer,
  HubPlan,
  InterfacePlan,
  NeighbourPlan,
  OriginatedRoute,
  RouterPlan,
} from "./router-plan.ts";
import { isPlannedAddress } from "./device-findings.ts";
import { serverRoutes } from "./server-routes.ts";
import type { ServerSeat } from "./servers.ts";
import {
  isManagementGateway,
  routerKey,
  type DeviceSeat,
  type RouterSeat,
  type Topology,
} from "./topology.ts";
import { MANAGEMENT } from "./part-names.ts";

/** Decides who peers with whom, what each router brings into BGP and what its neighbours may announce to it. */
export function planRouters(
  topology: Topology,
  addresses: AddressPlan,
  servers: readonly ServerSeat[],
  firewallOf: (router: RouterSeat) => FirewallPlan,
  exit?: ExitPlan,
): readonly RouterPlan[] {
  const routing = new Routing(topology, addresses, servers, exit);
  return topology.routers.map((seat) => routing.plan(seat, firewallOf(seat)));
}

/** The first host of a LAN, in both families: its router (DESIGN section 10). */
export function firstHost(lan: DualPrefix): DualAddress {
  return { ipv4: Address.inside(lan.ipv4, 1n), ipv6: Address.inside(lan.ipv6, 1n) };
}

/** The /32 and the /128 of a pair of addresses. */
export function hostPrefix({ ipv4, ipv6 }: DualAddress): DualPrefix {
  return { ipv4: Prefix.host(ipv4), ipv6: Prefix.host(ipv6) };
}

/** Pairs turned into one list for each family. */
export function prefixLists(pairs: readonly DualPrefix[]): DualPrefixes {
  return { ipv4: pairs.map(({ ipv4 }) => ipv4), ipv6: pairs.map(({ ipv6 }) => ipv6) };
}

/** Neighbours move their routes within milliseconds; a busy engine may take tenths of a second. */
const DRAIN_SECONDS = 1;
/** A dead neighbour is left for another after 0.6 s, well under the second that people notice. */
const BFD_INTERVAL = 200;
/** Where there is nobody else to turn to, haste gains nothing, and on a busy engine it cuts off who only came late. */
const BFD_INTERVAL_OF_A_SINGLE_WAY = 1_000;

class Routing {
  constructor(
    readonly topology: Topology,
    readonly addresses: AddressPlan,
    readonly servers: readonly ServerSeat[],
    readonly exit: ExitPlan | undefined,
  ) {}

  plan(seat: RouterSeat, firewall: FirewallPlan): RouterPlan {
    const { name, role, tier, title, stack, kind } = seat;
    const lan = role === "router" ? this.addresses.lans.get(name) : undefined;
    const loopback = this.addresses.loopbacks.get(routerKey(seat))!;
    const management = this.addresses.management.get(routerKey(seat))!;
    return {
      name,
      role,
      tier,
      title,
      stack,
      kind,
      asn: this.addresses.asns.get(routerKey(seat))!,
      loopback,
      management,
      interfaces: [...seat.up, ...seat.down].map((segment) => this.#interface(segment, name)),
      ...(lan !== undefined && { lan }),
      source: lan === undefined ? loopback : firstHost(lan),
      uplinks: seat.up.flatMap((segment) => this.#hubsOf(segment)),
      // No server of a tenant ever speaks BGP: its segment is no hub.
      hubs: seat.tier === "gateway" ? [] : seat.down.map((segment) => this.#hub(seat, segment)),
      originates: this.#originates(seat),
      aggregates: prefixLists(this.#aggregates(seat)),
      firewall,
      internet: this.#internet(),
      ...(this.exit !== undefined && tier === "exit" && { exit: this.exit }),
      ...(this.#recordsMoves(seat) && { recordsMoves: true }),
      ...(this.#isSpare(seat) && { drainSeconds: DRAIN_SECONDS }),
      ...(seat.device && { device: this.#device(seat, seat.device) }),
    };
  }

  /** Whether a tenant's servers can have standbys: not only while one has, so that the first makes no gateway anew. */
  #recordsMoves({ name, tier }: RouterSeat): boolean {
    const behind = this.servers.filter(({ tenant }) => tenant === name);
    const hasDrc = this.#cores().some(({ down }) => down.includes("drc"));
    return tier === "gateway" && hasDrc && behind.some(({ role }) => role === "vps");
  }

  /** Another core does its work meanwhile. */
  #isSpare(seat: RouterSeat): boolean {
    return seat.tier === "core" && seat.down.some((one) => this.#besides(seat, one).length > 0);
  }

  #internet(): readonly FamilyKey[] {
    if (this.exit === undefined) return [];
    return this.exit.ipv6 === undefined ? ["ipv4"] : ["ipv4", "ipv6"];
  }

  #device(seat: RouterSeat, { platform, address, contact }: DeviceSeat): DevicePlan {
    return { platform, address, contact, planned: isPlannedAddress(seat, address, this.addresses) };
  }

  #interface(segment: string, name: string): InterfacePlan {
    return {
      segment,
      address: this.addresses.hosts.get(seatKey(segment, name))!,
      prefix: this.addresses.segments.get(segment)!,
    };
  }

  #bfdInterval(segment: string): number {
    return this.#hasAnotherWay(segment) ? BFD_INTERVAL : BFD_INTERVAL_OF_A_SINGLE_WAY;
  }

  /** Of those who stand on it: some can turn to another neighbour when one dies. */
  #hasAnotherWay(segment: string): boolean {
    const standing = this.topology.routers.filter(({ up }) => up.includes(segment));
    const hubs = this.topology.routers.filter(({ down }) => down.includes(segment));
    return hubs.length > 1 || standing.some(({ up }) => up.length > 1);
  }

  #neighbour(seat: RouterSeat, segment: string): NeighbourPlan {
    return {
      router: seat.name,
      asn: this.addresses.asns.get(routerKey(seat))!,
      segment,
      address: this.addresses.hosts.get(seatKey(segment, seat.name))!,
      bfdInterval: this.#bfdInterval(segment),
    };
  }

  #hubsOf(segment: string): readonly NeighbourPlan[] {
    return this.topology.routers
      .filter(({ down }) => down.includes(segment))
      .map((hub) => this.#neighbour(hub, segment));
  }

  #hub(seat: RouterSeat, segment: string): HubPlan {
    return {
      segment,
      prefix: this.addresses.segments.get(segment)!,
      bfdInterval: this.#bfdInterval(segment),
      peers: this.topology.routers
        .filter(({ up }) => up.includes(segment))
        .map((peer) => ({
          ...this.#neighbour(peer, segment),
          mayAnnounce: this.#announced(peer),
          ...this.#elsewhere(peer),
          ...(peer.tier === "exit" && { mayLeadOut: this.#internet() }),
        })),
      beside: this.#beside(seat, segment),
    };
  }

  /**
   * On a backbone every core peers with every other: the later by name dials, so that of two that wait for a call none
   * waits in vain. On a site's segment they need not: whoever stands there hears both.
   */
  #beside(seat: RouterSeat, segment: string): readonly BesidePeer[] {
    const cores = this.#besides(seat, segment);
    if (cores.length === 0) return [];
    const mayAnnounce = this.#behindCores(seat);
    return cores.map((core) => ({
      ...this.#neighbour(core, segment),
      mayAnnounce,
      ...(this.exit !== undefined && { mayLeadOut: this.#internet() }),
      dialled: core.name < seat.name,
    }));
  }

  #besides(seat: RouterSeat, segment: string): readonly RouterSeat[] {
    const isBackbone = this.topology.segments.some(
      ({ name, kind }) => name === segment && kind === "backbone",
    );
    if (!isBackbone || seat.tier !== "core") return [];
    return this.#cores().filter((core) => core !== seat && core.down.includes(segment));
  }

  #cores(): readonly RouterSeat[] {
    return this.topology.routers.filter(({ tier }) => tier === "core");
  }

  /** All that one core may hear from another: what any of them is told or brings itself, but for its own. */
  #behindCores(listener: RouterSeat): DualPrefixes {
    const cores = this.#cores();
    const told = this.topology.routers
      .filter(({ up }) => up.some((segment) => cores.some(({ down }) => down.includes(segment))))
      .map((router) => this.#announced(router));
    const own = cores
      .filter((core) => core !== listener)
      .map((core) => prefixLists(this.#originates(core).map(({ prefix }) => prefix)));
    const all = [...own, ...told];
    return {
      ipv4: all.flatMap(({ ipv4 }) => ipv4),
      ipv6: all.flatMap(({ ipv6 }) => ipv6),
    };
  }

  /** What leaves a router towards the core: its own, its aggregates, and what an agency that moved brought along. */
  #announced(seat: RouterSeat): DualPrefixes {
    const own = this.#originates(seat).map(({ prefix }) => prefix);
    if (seat.tier !== "pop") return prefixLists(own);
    const aggregates = this.#aggregates(seat);
    const behind = this.topology.routers
      .filter(({ pop, tier }) => pop === seat.pop && tier !== "pop")
      .flatMap((router) => this.#originates(router).map(({ prefix }) => prefix));
    // Each family by itself: shares that were cut anew need not lie alike in both.
    const beside = (family: "ipv4" | "ipv6"): readonly Prefix[] =>
      [...own, ...behind]
        .map((prefix) => prefix[family])
        .filter((prefix) => !aggregates.some((aggregate) => aggregate[family].contains(prefix)));
    const { ipv4, ipv6 } = prefixLists(aggregates);
    return { ipv4: [...ipv4, ...beside("ipv4")], ipv6: [...ipv6, ...beside("ipv6")] };
  }

  #elsewhere(seat: RouterSeat): Pick<HubPeer, "elsewhere"> {
    const pairs = this.#originates(seat).flatMap((route) =>
      route.via === "server" && route.elsewhere ? [route.prefix] : [],
    );
    return pairs.length === 0 ? {} : { elsewhere: prefixLists(pairs) };
  }

  #aggregates({ tier, pop }: RouterSeat): readonly DualPrefix[] {
    return tier === "pop" && pop !== undefined ? (this.addresses.aggregates.get(pop) ?? []) : [];
  }

  #originates(seat: RouterSeat): readonly OriginatedRoute[] {
    const loopback = this.addresses.loopbacks.get(routerKey(seat))!;
    const management = this.addresses.management.get(routerKey(seat))!;
    const lan = seat.lan && this.addresses.lans.get(seat.name);
    const behind =
      seat.tier === "gateway" ? this.servers.filter(({ tenant }) => tenant === seat.name) : [];
    return [
      { via: "self", prefix: hostPrefix(loopback) },
      { via: "self", prefix: hostPrefix(management) },
      ...(isManagementGateway(seat)
        ? [{ via: "self" as const, prefix: this.addresses.segments.get(MANAGEMENT)! }]
        : []),
      ...(lan ? [{ via: "self" as const, prefix: lan }] : []),
      ...this.#aggregates(seat).map((prefix) => ({ via: "aggregate" as const, prefix })),
      ...behind.flatMap((server) => serverRoutes(server, this.addresses)),
    ];
  }
}
