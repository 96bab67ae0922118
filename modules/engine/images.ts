import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../core/fault.ts";

/** What servers of agencies are made of: `vps-` and the name in a VPS file, which is the folder below images/vps/. */
export const VPS_ROLES = [
  "vps-debian-12",
  "vps-nginx-php",
  "vps-nodejs",
  "vps-postgresql-15",
] as const;
/** The image on which all others of a VPS stand. */
export const VPS_BASE = "vps-debian-12";

/** Folders below images/ that become an image each. */
export const IMAGE_ROLES = [
  "router",
  "name-server",
  "resolver",
  "edge",
  "replica",
  "voter",
  "backup-server",
  "backup-runner",
  "backup-proof",
  ...VPS_ROLES,
] as const;
export type ImageRole = (typeof IMAGE_ROLES)[number];

/** Whether an image stands on that of a plain VPS, and not on the base of all. */
export function isOnVpsBase(role: ImageRole): boolean {
  return role !== VPS_BASE && VPS_ROLES.some((one) => one === role);
}

export interface RoleImage {
  /** `simpul/router:` and 12 hex digits of the hash of what the image is made from. */
  readonly tag: string;
  /** `sha256:...`; containers name their image by this, so that a moved tag replaces none. */
  readonly id: string;
}

export type RoleImages = Readonly<Record<ImageRole, RoleImage>>;

/** The images that setup built on this machine, from `.simpul/images.json` below the checkout. */
export function readRoleImages(checkout: string): RoleImages | Fault {
  const file = join(checkout, ".simpul", "images.json");
  if (!existsSync(file))
    return new Fault(`"${file}" is missing: the images are not built`, "run simpul setup");
  const entries = parseIndex(readFileSync(file, "utf8"));
  const missing = IMAGE_ROLES.filter((role) => !isRoleImage(entries[role]));
  if (missing.length > 0)
    return new Fault(`"${file}" is without the image ${missing.join(", ")}`, "run simpul setup");
  return entries as RoleImages;
}

/**
 * The tag a role's image has when it is built from the files as they are now. The same sum as
 * `role_hash` in scripts/setup/images.sh: any change there belongs here.
 * @param baseId of the image that it stands on: the base, or for all VPS but `VPS_BASE` that one
 */
export function roleImageTag(checkout: string, role: ImageRole, baseId: string): string {
  const images = join(checkout, "images");
  const recipe = `${folderListing(join(images, folderOf(role)))}${folderListing(join(images, "shared"))}base ${baseId}\n`;
  return `simpul/${role}:${sha256(recipe).slice(0, 12)}`;
}

function folderOf(role: ImageRole): string {
  return role.startsWith("vps-") ? join("vps", role.slice("vps-".length)) : role;
}

/** Tag of the base image, from the folder that says how it is made. */
export function baseImageTag(checkout: string): string {
  return `simpul/base:${sha256(folderListing(join(checkout, "images", "base"))).slice(0, 12)}`;
}

/** One line a file in byte order, as `sha256sum` prints it: `<hash>  ./path`. */
function folderListing(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `.${join(entry.parentPath, entry.name).slice(folder.length)}`)
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`)
    .join("");
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function parseIndex(text: string): Readonly<Record<string, unknown>> {
  try {
    const index: unknown = JSON.parse(text);
    return typeof index === "object" && index !== null ? { ...index } : {};
  } catch {
    return {};
  }
}

function isRoleImage(entry: unknown): entry is RoleImage {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "tag" in entry &&
    "id" in entry &&
    typeof entry.tag === "string" &&
    typeof entry.id === "string"
  );
}
