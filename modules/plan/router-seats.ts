import type { Place } from "../core/diagnostic.ts";
import type { Contact, Inventory, PerangkatDaerah, Pop, RouterSite } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { EXIT_ROUTER, internetAccess } from "./internet-access.ts";
import { accessSegment, BACKBONE_STACK, INTERNET_STACK, kecamatanStack } from "./part-names.ts";
import type { RouterSeat } from "./topology.ts";

/** Core routers of all sites. */
export function coreSeats({ wan }: Inventory): readonly RouterSeat[] {
  return wan.cores.map(({ name, site, segments }) => ({
    name,
    role: "router",
    tier: "core",
    title: `Core router of ${site}`,
    stack: BACKBONE_STACK,
    kind: "container",
    up: [],
    down: [...segments, site],
    at: wan.origin.at("cores", name),
  }));
}

/** The router of a POP. */
export function popSeat({ wan }: Inventory, { name, kecamatan, segments }: Pop): RouterSeat {
  return {
    name: `pop-${name}`,
    role: "router",
    tier: "pop",
    title: `POP ${kecamatan.name}`,
    stack: kecamatanStack(name),
    kind: "container",
    pop: name,
    up: segments,
    down: [accessSegment(name)],
    at: wan.origin.at("pops", name),
  };
}

/** The router of an agency, its own device or a container. */
export function agencySeat({
  name,
  title,
  router,
  lan,
  contacts,
  origin,
}: PerangkatDaerah): RouterSeat {
  return {
    name,
    role: "router",
    tier: "perangkat-daerah",
    title,
    stack: kecamatanStack(router.at),
    kind: router.kind,
    pop: router.at,
    up: [accessSegment(router.at)],
    down: [],
    lan: { length: lan.length, pool: "perangkat-daerah" },
    ...deviceSeat(router, contacts.tier1[0], origin.at("router", "address")),
    at: origin.at("lan"),
  };
}

function deviceSeat(
  router: RouterSite,
  contact: Contact | undefined,
  at: Place,
): Pick<RouterSeat, "device"> {
  if (router.kind === "container") return {};
  const { platform, address } = router;
  return { device: { platform, address, contact, at } };
}

/** A desa has no contacts of its own: the Dinas, which runs its line, is called. */
export function desaSeats({ desa, perangkatDaerah, kabupaten }: Inventory): readonly RouterSeat[] {
  const dinas = perangkatDaerah.find(({ name }) => name === kabupaten.dinas);
  return desa
    .filter(({ status }) => status === "active")
    .map(({ name, title, router, lan, origin }) => ({
      name,
      role: "router",
      tier: "desa",
      title,
      stack: kecamatanStack(router.at),
      kind: router.kind,
      pop: router.at,
      up: [accessSegment(router.at)],
      down: [],
      lan: { length: lan.length, pool: "desa" },
      ...deviceSeat(router, dinas?.contacts.tier1[0], origin.at("router", "address")),
      at: origin.at(),
    }));
}

/** The exit to the internet, where the inventory has one. */
export function exitSeats(inventory: Inventory): readonly RouterSeat[] {
  if (internetAccess(inventory) === undefined) return [];
  const { sites, origin } = inventory.kabupaten;
  return [
    {
      name: EXIT_ROUTER,
      role: "router",
      tier: "exit",
      title: "Exit to the internet",
      stack: INTERNET_STACK,
      kind: "container",
      up: ["pusat-data"],
      down: [],
      at: origin.at("engines", sites.get("pusat-data")!.engine, "internet"),
    },
  ];
}

/** The router before a segment of servers or stations. */
export function gatewaySeat(
  tenant: string,
  title: string,
  stack: string,
  at: Place,
  site: SiteName = "pusat-data",
): RouterSeat {
  return {
    name: tenant,
    role: "gateway",
    tier: "gateway",
    title,
    stack,
    kind: "container",
    up: [site],
    down: [tenant],
    at,
  };
}
