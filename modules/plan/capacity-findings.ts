import { errorAt, type Diagnostic, type Place } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import type { Site } from "../inventory/site-model.ts";
import { amountText, type Resource } from "./amounts.ts";
import type { Counted } from "./quota.ts";
import { backupDisks, type Refusal } from "./vps-demand.ts";

/** A site that has no room for what a VPS asks of it. */
export function siteFull(inventory: Inventory, site: Site, refusal: Refusal<Resource>): Diagnostic {
  const { vps, resource, asked, left, limit } = refusal;
  const text = (amount: number): string => amountText(resource, amount);
  const standby = site.name === "drc";
  const place = placeText(inventory.kabupaten.origin.at("sites", site.name, "capacity", resource));
  const smaller = left > 0 ? `ask for ${text(left)} or less` : "wait until a server has left";
  const archive = "archive one that has expired (simpul capacity shows them)";
  const backup = resource === "disk" ? (backupDisks(inventory, site.name).get(vps.name) ?? 0) : 0;
  const backups = backup > 0 ? `${text(backup)} of it for its backups` : "";
  const others = someText(text, limit - left);
  const room = `${text(limit)} are promised (${sourceText(site, resource)}), ${others} of it to others, ${someText(text, left)} left`;
  const at = vps.origin.at(standby ? "drc" : resource);
  return errorAt(
    at,
    "site-full",
    `${vps.name} asks ${site.name} for ${text(asked)} of ${resource}${detail(standby ? `drc: ${vps.drc}` : "", backups)}: ${room}`,
    standby
      ? "a standby without room cannot take over"
      : because(inventory, "guarantee", "what one server is promised, no other can have"),
    `${standby ? "write drc: none, or" : `${smaller},`} ${archive}, or let ${inventory.kabupaten.dinas} correct ${place}`,
  );
}

/** An agency that asks for more than its quota. */
export function quotaExceeded(
  { kabupaten }: Inventory,
  { vps, resource, asked, left, limit }: Refusal<keyof Counted>,
): Diagnostic {
  const text = (amount: number): string => amountText(resource, amount);
  const own = kabupaten.quota.agencies.get(vps.owner)?.[resource] !== undefined;
  const path = own ? ["agencies", vps.owner, resource] : ["each", resource];
  const place = placeText(kabupaten.origin.at("quota", ...path));
  const isCount = resource === "vps";
  const at = vps.origin.at(isCount ? "owner" : resource);
  return errorAt(
    at,
    "quota-exceeded",
    isCount
      ? `${vps.name} is one server more than the ${limit} of ${vps.owner}`
      : `${vps.name} asks for ${text(asked)} of ${resource}: the quota of ${vps.owner} is ${text(limit)}, its other servers have ${someText(text, limit - left)}, ${someText(text, left)} left`,
    `what the agencies share is divided by ${kabupaten.dinas} (${place})`,
    `${isCount || left <= 0 ? "" : `ask for ${text(left)} or less, `}archive a server of ${vps.owner} that is not needed, or ask ${kabupaten.dinas} for a larger quota at ${place}`,
  );
}

function detail(...parts: readonly string[]): string {
  const said = parts.filter((part) => part !== "");
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}

/** `64 less 20% headroom`; `64, overcommitted 2 times, less 20% headroom`. */
function sourceText({ capacity }: Site, resource: Resource): string {
  const there = resource === "cpu" ? String(capacity.cpu) : capacity[resource].text;
  const times = capacity.overcommit[resource];
  return [
    `it has ${there}`,
    ...(times === 1 ? [] : [`overcommitted ${times} times`]),
    ...(capacity.headroom === 0 ? [] : [`less ${capacity.headroom}% headroom`]),
  ].join(", ");
}

/** The kabupaten's own regulation where it says so, else the technical reason alone. */
function because({ duties }: Inventory, topic: string, reason: string): string {
  const cited = duties.find((duty) => duty.topic === topic)?.cited;
  return cited === undefined ? reason : `the Pusat Data guarantees its servers (${cited})`;
}

function someText(text: (amount: number) => string, amount: number): string {
  return amount > 0 ? text(amount) : "none";
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
