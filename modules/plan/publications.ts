import type { Inventory, Publication, Vps } from "../inventory/model.ts";

/** One publication of a server, and the way that leads to it. */
export interface Published {
  readonly vps: Vps;
  readonly publication: Publication;
  /** In the list `publish` of its file. */
  readonly index: number;
  /** `edge`: the edge answers and asks the server. `direct`: the server itself is reached. */
  readonly way: "edge" | "direct";
}

/** What active servers publish. */
export function activePublications({ vps }: Pick<Inventory, "vps">): readonly Published[] {
  return vps.filter(({ state }) => state === "active").flatMap(publicationsOf);
}

/** Whether there is an edge: a suspended server's names come back, and the edge's address with them. */
export function hasEdge({ vps }: Pick<Inventory, "vps">): boolean {
  return vps
    .filter(({ state }) => state !== "archived")
    .flatMap(publicationsOf)
    .some(({ way }) => way === "edge");
}

function publicationsOf(vps: Vps): readonly Published[] {
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
function isServersOwnName({ name }: Vps, publication: Publication): boolean {
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
