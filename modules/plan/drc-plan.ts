import { kilometresBetween } from "../core/coordinates.ts";
import type { DualPrefix } from "../core/dual.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { hasDrc, warmVps } from "./drc-seats.ts";
import { engineName } from "./engine-names.ts";
import { atDrc, DRC_STACK, REPLICAS } from "./part-names.ts";
import type { RouterPlan } from "./router-plan.ts";
import { sharedRisks } from "./shared-risks.ts";
import type { ServerPlan, VpsPlan } from "./vps-plan.ts";
import { isRunning, keptVps } from "./vps-state.ts";

/** The DRC as a site of the network: what stands ready there, and what can be moved to it. */
export interface DrcPlan {
  /** From the Pusat Data, along the great circle. */
  readonly kilometres: number;
  /** What the Dinas asks for, where it has said so. */
  readonly leastKilometres?: number;
  /** Risks that both sites declare. */
  readonly sharedRisks: readonly string[];
  /** Absent where nothing stands by. */
  readonly replica?: ReplicaPlan;
  /** Sorted by name. */
  readonly standbys: readonly StandbyPlan[];
  /** Sorted by name. */
  readonly cold: readonly ColdPlan[];
  /** Sorted by service. */
  readonly moves: readonly MovePlan[];
}

/** A server at the DRC that is made ready and stopped: as the VPS that it stands for, on a volume of its own. */
export interface StandbyPlan extends VpsPlan {
  /** Slug of the VPS. `name` is its own: `ppdb-online-drc`. */
  readonly standsFor: string;
  readonly stack: typeof DRC_STACK;
}

/** A VPS that is made again from the copy of its backup: its place at the DRC is counted, and nothing stands there. */
export interface ColdPlan {
  readonly name: string;
  readonly owner: string;
  /** As it would be called at the DRC. */
  readonly standby: string;
}

/** The copies of servers' volumes on those of their standbys. */
export interface ReplicaPlan {
  /** At the Pusat Data: sends. */
  readonly source: ServerPlan;
  /** At the DRC: fetches, one volume after the other. */
  readonly copier: ServerPlan;
  /** Seconds from the beginning of one round to that of the next. */
  readonly everySeconds: number;
  /** Sorted by server. */
  readonly volumes: readonly ReplicaVolume[];
}

export interface ReplicaVolume {
  /** Slug of the VPS. */
  readonly server: string;
  /** Names of Docker's volumes. */
  readonly from: string;
  readonly to: string;
  /** Path that is left out: a database's own, which is streamed and never read while it is written. */
  readonly leftOut?: string;
}

/** A service address that either site can announce. */
export interface MovePlan {
  /** Slug of the VPS whose address it is. */
  readonly service: string;
  readonly owner: string;
  readonly prefix: DualPrefix;
  readonly homes: Readonly<Record<SiteName, HomePlan>>;
}

/** One of the places of a service. */
export interface HomePlan {
  /** Name of the gateway that announces it. */
  readonly gateway: string;
  /** What comes first in the path of whoever announces it. */
  readonly asn: number;
  /** Core routers of the site: by them one sees what is announced. */
  readonly cores: readonly string[];
  /** Slug of the server there. */
  readonly server: string;
}

/** The DRC's part of the plan; undefined where it is no site of the network. */
export function planDrc(
  inventory: Inventory,
  vps: readonly VpsPlan[],
  routers: readonly RouterPlan[],
  serverNamed: (name: string) => ServerPlan,
): DrcPlan | undefined {
  const { sites } = inventory.kabupaten;
  const [pusatData, drc] = [sites.get("pusat-data"), sites.get("drc")];
  if (!hasDrc(inventory) || pusatData === undefined || drc === undefined) return undefined;
  return {
    kilometres: Math.round(kilometresBetween(pusatData.location, drc.location) * 10) / 10,
    ...(drc.minimumDistance !== undefined && { leastKilometres: drc.minimumDistance }),
    sharedRisks: sharedRisks(pusatData.risks, drc.risks),
    ...(warmVps(inventory).length > 0 && {
      replica: {
        source: serverNamed(REPLICAS["pusat-data"]),
        copier: serverNamed(REPLICAS.drc),
        everySeconds: drc.copyEvery?.seconds ?? COPY_SECONDS,
        volumes: warmVps(inventory).map((each) => replicaVolume(inventory, each)),
      },
    }),
    standbys: warmVps(inventory).map(({ name }) => ({
      ...vps.find((each) => each.name === name)!,
      ...serverNamed(atDrc(name)),
      name: atDrc(name),
      stack: DRC_STACK,
      standsFor: name,
    })),
    cold: keptVps(inventory)
      .filter((each) => each.drc === "cold")
      .map(({ name, owner }) => ({ name, owner, standby: atDrc(name) })),
    moves: warmVps(inventory)
      .filter(isRunning)
      .map((each) => movePlan(inventory, each, routers)),
  };
}

/** As often as the schema has it where nothing is said. */
const COPY_SECONDS = 300;

function replicaVolume({ kabupaten }: Inventory, { name, image }: Vps): ReplicaVolume {
  const volume = (slug: string): string =>
    engineName({ kabupaten: kabupaten.name, role: "vps", name: slug });
  return {
    server: name,
    from: volume(name),
    to: volume(atDrc(name)),
    ...(image.startsWith("postgresql-") && { leftOut: "/srv/postgresql" }),
  };
}

function movePlan(
  { wan }: Inventory,
  { name, owner }: Vps,
  routers: readonly RouterPlan[],
): MovePlan {
  const home = (gateway: string, site: SiteName, server: string): HomePlan => ({
    gateway,
    asn: gatewayOf(routers, gateway).asn,
    cores: wan.cores.filter((core) => core.site === site).map((core) => core.name),
    server,
  });
  const route = gatewayOf(routers, owner).originates.find(
    (each) => each.via === "server" && each.move?.service === name,
  );
  return {
    service: name,
    owner,
    prefix: route!.prefix,
    homes: {
      "pusat-data": home(owner, "pusat-data", name),
      drc: home(atDrc(owner), "drc", atDrc(name)),
    },
  };
}

function gatewayOf(routers: readonly RouterPlan[], gateway: string): RouterPlan {
  return routers.find(({ name, role }) => role === "gateway" && name === gateway)!;
}
