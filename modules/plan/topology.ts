import type { Place } from "../core/diagnostic.ts";
import { colocatedServers } from "../inventory/rack.ts";
import type { Contact, Inventory, PerangkatDaerah, RouterSite } from "../inventory/model.ts";
import { backedUp, backupSites } from "./backed-up.ts";
import { backupNetworks } from "./backup-seats.ts";
import { drcSeats, hasDrc, warmVps } from "./drc-seats.ts";
import { witnessNetwork } from "./failover-seats.ts";
import { internetAccess } from "./internet-access.ts";
import type { StackPlan } from "./kabupaten-plan.ts";
import {
  accessSegment,
  BACKBONE_STACK,
  BACKUP_STACK,
  DNS_STACK,
  DRC_STACK,
  EDGE,
  INTERNET_STACK,
  kecamatanStack,
  MANAGEMENT,
  NAME_SERVICE,
  PUSAT_DATA_STACK,
  SERVICES_STACK,
} from "./part-names.ts";
import { hasEdge } from "./publications.ts";
import {
  agencySeat,
  coreSeats,
  desaSeats,
  exitSeats,
  gatewaySeat,
  popSeat,
} from "./router-seats.ts";
import { keptVps } from "./vps-state.ts";

/** Who stands where, before anything has an address. */
export interface Topology {
  readonly stacks: readonly StackPlan[];
  readonly segments: readonly SegmentSeat[];
  readonly routers: readonly RouterSeat[];
}

export interface SegmentSeat {
  readonly name: string;
  readonly kind: "backbone" | "access" | "site" | "tenant" | "management";
  readonly stack: string;
  readonly at: Place;
}

export interface RouterSeat {
  /** Slug; a gateway carries its tenant's. */
  readonly name: string;
  readonly role: "router" | "gateway";
  readonly tier: "core" | "pop" | "perangkat-daerah" | "desa" | "gateway" | "exit";
  readonly title: string;
  readonly stack: string;
  readonly kind: "container" | "external";
  /** POP whose share of the pools it uses: its own, or the one it hangs on. */
  readonly pop?: string;
  /** Segments towards the core. */
  readonly up: readonly string[];
  /** Segments on which others call in; it is their first host, but on a backbone and beside a first core at its site. */
  readonly down: readonly string[];
  readonly lan?: { readonly length: number; readonly pool: "perangkat-daerah" | "desa" };
  /** Of an external router. */
  readonly device?: DeviceSeat;
  readonly at: Place;
}

/** Somebody's device that is planned and peered with. */
export interface DeviceSeat {
  readonly platform: Extract<RouterSite, { kind: "external" }>["platform"];
  /** By which the centre reaches it, as the inventory says. */
  readonly address: string;
  /** Whom to call about it. */
  readonly contact?: Contact | undefined;
  /** Of `router.address`. */
  readonly at: Place;
}

/** Gateways share their tenant's slug with the agency's own router. */
export function routerKey({
  name,
  role,
}: {
  readonly name: string;
  readonly role: string;
}): string {
  return role === "gateway" ? `${name}/gateway` : name;
}

/** The one gateway behind which no tenant stands, but the stations of the Dinas. */
export function isManagementGateway({ name, role }: Pick<RouterSeat, "name" | "role">): boolean {
  return role === "gateway" && name === MANAGEMENT;
}

/** Lays out segments, routers and stacks from what the inventory names; decides no address. */
export function layOut(inventory: Inventory): Topology {
  const tenants = agenciesWithServers(inventory);
  const drc = drcSeats(inventory);
  const backup = backupNetworks(inventory);
  const witness = witnessNetwork(inventory);
  return {
    stacks: stacksOf(inventory, tenants),
    segments: [
      ...inventory.wan.segments.map(({ name }) => ({
        name,
        kind: "backbone" as const,
        stack: BACKBONE_STACK,
        at: inventory.wan.origin.at("segments", name),
      })),
      ...siteSegments(inventory),
      ...inventory.wan.pops.map(({ name }) => ({
        name: accessSegment(name),
        kind: "access" as const,
        stack: kecamatanStack(name),
        at: inventory.wan.origin.at("pops", name),
      })),
      ...tenants.map(({ name, origin }) => tenantSegment(name, PUSAT_DATA_STACK, origin.at())),
      tenantSegment(NAME_SERVICE, DNS_STACK, inventory.kabupaten.origin.at("domain")),
      ...(hasEdge(inventory)
        ? [tenantSegment(EDGE, SERVICES_STACK, inventory.kabupaten.origin.at("domain"))]
        : []),
      ...drc.segments,
      ...backup.segments,
      ...witness.segments,
      {
        name: MANAGEMENT,
        kind: "management",
        stack: BACKBONE_STACK,
        at: managementPlace(inventory),
      },
    ],
    routers: [
      ...coreSeats(inventory),
      ...inventory.wan.pops.map((pop) => popSeat(inventory, pop)),
      ...inventory.perangkatDaerah.map(agencySeat),
      ...desaSeats(inventory),
      ...tenants.map(({ name, title, origin }) =>
        gatewaySeat(name, `Gateway of ${title}`, PUSAT_DATA_STACK, origin.at()),
      ),
      gatewaySeat(
        NAME_SERVICE,
        "Gateway of the name service",
        DNS_STACK,
        inventory.kabupaten.origin.at("domain"),
      ),
      ...(hasEdge(inventory)
        ? [
            gatewaySeat(
              EDGE,
              "Gateway of the edge",
              SERVICES_STACK,
              inventory.kabupaten.origin.at("domain"),
            ),
          ]
        : []),
      ...drc.routers,
      ...backup.routers,
      ...witness.routers,
      ...exitSeats(inventory),
      gatewaySeat(
        MANAGEMENT,
        "Gateway of the management network",
        BACKBONE_STACK,
        managementPlace(inventory),
      ),
    ],
  };
}

function managementPlace({ kabupaten }: Inventory): Place {
  return kabupaten.origin.at("addressing", "pools", "management");
}

/** Agencies that own at least one VPS or colocated server that has not left. */
function agenciesWithServers(inventory: Inventory): readonly PerangkatDaerah[] {
  const standing = [...keptVps(inventory), ...colocatedServers(inventory.racks)];
  const owners = new Set(standing.map(({ owner }) => owner));
  return inventory.perangkatDaerah.filter(({ name }) => owners.has(name));
}

function stacksOf(inventory: Inventory, tenants: readonly PerangkatDaerah[]): readonly StackPlan[] {
  const needs = [BACKBONE_STACK];
  const behind = (pop: string): number =>
    inventory.perangkatDaerah.filter(({ router }) => router.at === pop).length +
    inventory.desa.filter(({ router, status }) => router.at === pop && status === "active").length;
  const pusatData = {
    name: PUSAT_DATA_STACK,
    title: `Pusat Data: ${tenants.length} tenants`,
    needs,
  };
  return [
    { name: BACKBONE_STACK, title: "Backbone: core routers and segments", needs: [] },
    { name: DNS_STACK, title: "Names: primary, secondary and resolver", needs },
    ...(internetAccess(inventory) === undefined
      ? []
      : [{ name: INTERNET_STACK, title: "Internet: the exit to the provider", needs }]),
    ...(tenants.length > 0 ? [pusatData] : []),
    ...(hasEdge(inventory)
      ? [{ name: SERVICES_STACK, title: "Services: the edge that answers published names", needs }]
      : []),
    ...backupStacks(inventory, tenants.length > 0),
    ...(hasDrc(inventory)
      ? [
          {
            name: DRC_STACK,
            title: `DRC: names, edge and ${warmVps(inventory).length} standbys`,
            needs,
          },
        ]
      : []),
    ...inventory.wan.pops.map(({ name, kecamatan }) => ({
      name: kecamatanStack(name),
      title: `Kecamatan ${kecamatan.name}: POP and ${behind(name)} routers behind it`,
      needs,
    })),
  ];
}

/** Runners read volumes of the Pusat Data's servers: those come first. */
function backupStacks(inventory: Inventory, hasServers: boolean): readonly StackPlan[] {
  if (backupSites(inventory).length === 0) return [];
  return [
    {
      name: BACKUP_STACK,
      title: `Backup: server, and runners of ${backedUp(inventory).length} repositories`,
      needs: hasServers ? [BACKBONE_STACK, PUSAT_DATA_STACK] : [BACKBONE_STACK],
    },
  ];
}

/** One for each site with core routers. */
function siteSegments({ wan }: Inventory): readonly SegmentSeat[] {
  const first = new Map(wan.cores.toReversed().map((core) => [core.site, core.name]));
  return wan.cores
    .filter(({ name, site }) => first.get(site) === name)
    .map(({ name, site }) => ({
      name: site,
      kind: "site",
      stack: BACKBONE_STACK,
      at: wan.origin.at("cores", name),
    }));
}

function tenantSegment(name: string, stack: string, at: Place): SegmentSeat {
  return { name, kind: "tenant", stack, at };
}
