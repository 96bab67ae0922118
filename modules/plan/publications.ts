import type { Inventory, Origin, Publication } from "../inventory/model.ts";
import { colocatedServers } from "../inventory/rack.ts";
import { isRunning, keptVps } from "./vps-state.ts";

/** A VPS or a colocated server, and what its owner opens on it. */
export interface PublishingServer {
  readonly name: string;
  /** Slug of the agency. */
  readonly owner: string;
  readonly publish: readonly Publication[];
  readonly origin: Origin;
}

/** One publication of a server, and the way that leads to it. */
export interface Published {
  readonly vps: PublishingServer;
  readonly publication: Publication;
  /** In the list `publish` of its file. */
  readonly index: number;
  /** `edge`: the edge answers and asks the server. `direct`: the server itself is reached. */
  readonly way: "edge" | "direct";
}

/** What VPS that are active and colocated servers that are installed publish. */
export function activePublications(inventory: Servers): readonly Published[] {
  return [
    ...keptVps(inventory).filter(isRunning),
    ...colocatedServers(inventory.racks).filter(({ state }) => state === "installed"),
  ].flatMap(publicationsOf);
}

type Servers = Pick<Inventory, "vps" | "racks">;

/** Whether there is an edge: a suspended server's names come back, and the edge's address with them. */
export function hasEdge(inventory: Servers): boolean {
  return [...keptVps(inventory), ...colocatedServers(inventory.racks)]
    .flatMap(publicationsOf)
    .some(({ way }) => way === "edge");
}

function publicationsOf(vps: PublishingServer): readonly Published[] {
  return vps.publish.map((publication, index) => ({
    vps,
    publication,
    index,
    way: isWeb(publication.port) && !isServersOwnName(vps, publication) ? "edge" : "direct",
  }));
}

export const WEB_PORTS: readonly number[] = [80, 443];

/** HTTP and HTTPS: the edge answers both ports of a name, whichever of them the file names. */
export function isWeb(port: number): boolean {
  return WEB_PORTS.includes(port);
}

/** Inside the kabupaten that name is the server's, for SSH too: it cannot lead to the edge. */
function isServersOwnName({ name }: PublishingServer, publication: Publication): boolean {
  return publication.name === name && publication.audience !== "internet";
}

/** The names of a publication, that which people use first: `ppdb.dindikpora.<domain>`, `ppdb.dindikpora.intra.<domain>`. */
export function namesOf(
  { vps, publication }: Pick<Published, "vps" | "publication">,
  { kabupaten: { domain }, perangkatDaerah }: Pick<Inventory, "kabupaten" | "perangkatDaerah">,
): { readonly open: readonly string[]; readonly internal: readonly string[] } {
  const subdomain = perangkatDaerah.find(({ name }) => name === vps.owner)!.subdomain;
  const below = `${publication.name}.${subdomain}`;
  return {
    open: publication.audience === "internet" ? [`${below}.${domain}`] : [],
    internal: [`${below}.intra.${domain}`],
  };
}
