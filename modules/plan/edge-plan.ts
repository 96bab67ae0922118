import type { DualAddress, DualPrefix, DualPrefixes } from "../core/dual.ts";
import type { Audience, Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { activePublications, namesOf, type Published } from "./publications.ts";
import { prefixLists } from "./routing.ts";
import type { ServerPlan } from "./vps-plan.ts";

/** Where names are answered for servers: TLS, who may ask, how often. */
export interface EdgePlan {
  readonly servers: readonly ServerPlan[];
  /** Where published names lead: the first edge, and others answer there while it is gone. */
  readonly asked: DualAddress;
  /** Sorted by id. */
  readonly publications: readonly PublicationPlan[];
  /** Sorted by id. */
  readonly certificates: readonly CertificatePlan[];
  /** Who is asked for certificates, where it is not the kabupaten's own authority alone. */
  readonly acme?: { readonly directory: string; readonly contact: string };
  /** Whether somebody outside the kabupaten may ask. */
  readonly faces: "internet" | "kabupaten";
}

/** A certificate that the edges hold. */
export interface CertificatePlan {
  /** That of the publication, with `.open` where its names of the internet have one for themselves; or the edge's name. */
  readonly id: string;
  /** Without final dots. */
  readonly names: readonly string[];
  /** `own`: the kabupaten's authority. */
  readonly issuer: "own" | "acme";
}

/** One published name, as the edge serves it. */
export interface PublicationPlan {
  /** `ppdb-online.ppdb`: VPS and name; slugs have no dots. */
  readonly id: string;
  readonly vps: string;
  readonly owner: string;
  /** Without final dots; that which people use first. */
  readonly names: readonly string[];
  /** Who may ask; everybody when absent. */
  readonly from?: DualPrefixes;
  /** The server, and the port on which it listens. */
  readonly target: DualAddress;
  readonly port: number;
  readonly tls: "edge" | "server";
  readonly client: "header" | "proxy-protocol";
  readonly health?: string;
  /** Requests per second (connections, where the server has the certificate). */
  readonly limit: { readonly perClient: number; readonly total: number };
}

const LIMIT = { perClient: 100, total: 1000 };

/** What the edges serve; undefined where nothing is published through them. */
export function planEdge(
  inventory: Inventory,
  addresses: AddressPlan,
  servers: readonly ServerPlan[],
  block: DualPrefix,
): EdgePlan | undefined {
  if (servers.length === 0) return undefined;
  const web = activePublications(inventory).filter(({ way }) => way === "edge");
  const acme = inventory.kabupaten.edge;
  return {
    servers,
    asked: servers[0]!.service,
    faces: web.some(isForInternet) ? "internet" : "kabupaten",
    certificates: [
      ...servers.map(({ name, hostname }) => ({
        id: name,
        names: [hostname],
        issuer: "own" as const,
      })),
      ...web.flatMap((one) => certificatesOf(one, inventory)),
    ].toSorted(byId),
    ...(acme !== undefined && { acme: { directory: acme.directory, contact: acme.contact } }),
    publications: web
      .map((one) => publicationPlan(one, inventory, addresses, block))
      .toSorted(byId),
  };
}

/** Nobody but the kabupaten's own authority can vouch for names that only the kabupaten knows. */
function certificatesOf(one: Published, inventory: Inventory): readonly CertificatePlan[] {
  if (one.publication.tls === "server") return [];
  const id = publicationId(one);
  const { open, inside } = answeredNames(one, inventory);
  const byAcme = inventory.kabupaten.edge !== undefined && open.length > 0;
  const own = byAcme ? inside : [...open, ...inside];
  return [
    ...(own.length > 0 ? [{ id, names: own, issuer: "own" as const }] : []),
    ...(byAcme ? [{ id: `${id}.open`, names: open, issuer: "acme" as const }] : []),
  ];
}

/** The names that lead to the edge. */
function answeredNames(one: Published, inventory: Inventory) {
  const { open, internal } = namesOf(one, inventory);
  // The server's own name leads to the server.
  return { open, inside: one.publication.name === one.vps.name ? [] : internal };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/** Slug of a publication over all servers. */
export function publicationId({ vps, publication }: Published): string {
  return `${vps.name}.${publication.name}`;
}

/** Port on which the server itself listens. */
export function serverPort({ publication }: Pick<Published, "publication">): number {
  return publication.to ?? (publication.tls === "server" ? 443 : 80);
}

/** Whether strangers may ask. */
export function isForInternet({ publication }: Pick<Published, "publication">): boolean {
  return publication.audience === "internet";
}

/** Who may ask, by address; everybody when undefined. */
export function audiencePrefixes(
  audience: Audience,
  { lans }: Pick<AddressPlan, "lans">,
  block: DualPrefix,
): DualPrefixes | undefined {
  if (audience === "internet") return undefined;
  if (audience === "intranet") return prefixLists([block]);
  return prefixLists(audience.flatMap((name) => lans.get(name) ?? []));
}

function publicationPlan(
  one: Published,
  inventory: Inventory,
  addresses: AddressPlan,
  block: DualPrefix,
): PublicationPlan {
  const { vps, publication } = one;
  const { open, inside } = answeredNames(one, inventory);
  const from = audiencePrefixes(publication.audience, addresses, block);
  return {
    id: publicationId(one),
    vps: vps.name,
    owner: vps.owner,
    names: [...open, ...inside],
    ...(from !== undefined && { from }),
    target: addresses.services.get(vps.name)!,
    port: serverPort(one),
    tls: publication.tls ?? "edge",
    client: publication.client ?? "header",
    ...(publication.health !== undefined && { health: publication.health }),
    limit: {
      perClient: publication.limit?.per_client ?? LIMIT.perClient,
      total: publication.limit?.total ?? LIMIT.total,
    },
  };
}
