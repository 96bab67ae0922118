import { parseFreedKey, REST_DAYS } from "../inventory/lock-freed.ts";
import type { Occupied } from "./ip-occupied.ts";
import { MANAGEMENT } from "./part-names.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";

/** An allocation in the words of the inventory: `the LAN of Dinas Kesehatan`. */
export function inWords({ key, planned }: Occupied, plan: KabupatenPlan): string {
  const resting = parseFreedKey(key);
  if (resting !== undefined)
    return `resting: freed on ${resting.since.text} by ${resting.key}, given to nobody for ${REST_DAYS} days`;
  if (!planned) return `kept for ${key}, which is no longer in the inventory`;
  const [kind, owner, name] = key.split("/") as [string, string, string | undefined];
  const title = (slug: string): string => titleOf(slug, plan);
  switch (kind) {
    case "aggregate":
      return owner === "core"
        ? `the share of core routers and gateways in the pool ${name}`
        : owner === "stations"
          ? "the part of the pool management in which the stations of the Dinas stand"
          : `the share of POP ${owner} in the pool ${name}`;
    case "lan":
      return `the LAN of ${title(owner)}`;
    case "loopback":
      return `the loopback of ${name === undefined ? title(owner) : gateway(owner, plan)}`;
    case "management":
      return `the management address of ${name === undefined ? title(owner) : gateway(owner, plan)}`;
    case "service":
      return `the service address of ${server(owner, plan)}`;
    case "vps":
    case "colocation":
      return `${server(owner, plan)} on the segment of its tenant`;
    case "tenant":
      if (name === undefined && owner === MANAGEMENT)
        return "the segment of the stations that manage routers";
      if (name === undefined) return `the segment of the tenant ${owner}`;
      return `${name === "gateway" ? gateway(owner, plan) : server(name, plan)} on its tenant's segment`;
    case "transit":
      return name === undefined
        ? `the ${segment(owner, plan)}`
        : `${title(name)} on the ${segment(owner, plan)}`;
    default:
      return key;
  }
}

/** Slug of whom an allocation serves. */
export function ownerIn(key: string): string {
  return (parseFreedKey(key)?.key ?? key).split("/")[1]!;
}

function titleOf(slug: string, { routers }: KabupatenPlan): string {
  const router =
    routers.find(({ name, role }) => name === slug && role === "router") ??
    routers.find(({ name }) => name === slug);
  return router === undefined ? slug : `${router.title} (${slug})`;
}

function segment(name: string, { segments }: KabupatenPlan): string {
  const isBuilt = segments.some((each) => each.name === name);
  return `${isBuilt ? "segment" : "point-to-point line"} ${name}`;
}

function gateway(tenant: string, { routers }: KabupatenPlan): string {
  const title = routers.find(({ name, role }) => name === tenant && role === "gateway")?.title;
  return title === undefined
    ? `the gateway of ${tenant}`
    : `the ${title.replace(/^Gateway/, "gateway")}`;
}

function server(name: string, { vps, colocation }: KabupatenPlan): string {
  const owner = vps.find((each) => each.name === name)?.owner;
  if (owner !== undefined) return `the VPS ${name} of ${owner}`;
  const colocated = colocation.find((each) => each.name === name);
  return colocated === undefined
    ? name
    : `the colocated server ${name} of ${colocated.owner} (${colocated.rack} unit ${colocated.units})`;
}
