import { canonicalText } from "../core/canonical-text.ts";
import type { Inventory, Publication, Vps } from "../inventory/model.ts";

/** What a change asks for about one VPS. */
export interface VpsRequest {
  readonly name: string;
  readonly kind: "new" | "changed" | "removed";
  /** Slug, after the change. */
  readonly owner: string;
  /** What the file says, or what of it changes, in its own words and order. */
  readonly fields: readonly RequestedField[];
}

export interface RequestedField {
  /** The key in the file: `ssh_keys`. */
  readonly key: string;
  /** Absent of a new VPS, and of a key that was not there. */
  readonly from?: string;
  /** Absent where the key is gone, or the VPS is. */
  readonly to?: string;
}

/** Every VPS whose file says something else than before, by name. A new one is told whole. */
export function vpsRequests(before: Inventory, after: Inventory): readonly VpsRequest[] {
  const [old, now] = [before, after].map(({ vps }) => new Map(vps.map((one) => [one.name, one])));
  const names = [...new Set([...old!.keys(), ...now!.keys()])].toSorted();
  return names.flatMap((name): VpsRequest[] => {
    const [from, to] = [old!.get(name), now!.get(name)];
    const owner = (to ?? from)!.owner;
    if (from === undefined) return [{ name, kind: "new", owner, fields: differences({}, to!) }];
    if (to === undefined) return [{ name, kind: "removed", owner, fields: [] }];
    const fields = differences(from, to);
    return fields.length === 0 ? [] : [{ name, kind: "changed", owner, fields }];
  });
}

type Fields = Partial<Vps>;

function differences(from: Fields, to: Fields): readonly RequestedField[] {
  const keys = [...new Set([...Object.keys(to), ...Object.keys(from)])] as (keyof Vps)[];
  return keys
    .filter((key) => key !== "name" && key !== "origin")
    .filter((key) => canonicalText(from[key]) !== canonicalText(to[key]))
    .map((key) => ({
      key: key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      ...(from[key] !== undefined && { from: inWords(from[key]) }),
      ...(to[key] !== undefined && { to: inWords(to[key]) }),
    }))
    .filter(({ to: text = "", from: before = "" }) => text !== "" || before !== "");
}

/** A value much as it stands in the file. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  if ("base64" in value) return keyInWords(value as Vps["sshKeys"][number]);
  if ("audience" in value) return publicationInWords(value as Publication);
  if ("text" in value) return String(value.text);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${inWords(part)}`)
    .filter((words) => !words.endsWith(" "))
    .join("; ");
}

/** The end of the key tells it apart: its start is the same for all of its type. */
function keyInWords({ type, base64, comment }: Vps["sshKeys"][number]): string {
  return `${type} …${base64.slice(-12)} ${comment}`.trim();
}

function publicationInWords({ name, port, audience }: Publication): string {
  const who = typeof audience === "string" ? audience : audience.join(" + ");
  return `${name}:${port} → ${who}`;
}
