import { join } from "node:path";

import * as v from "valibot";

import type { Diagnostic } from "../../core/diagnostic.ts";
import { Fault } from "../../core/fault.ts";
import { parseSlug, slugOf } from "../../core/slug.ts";
import { unpack } from "../schema/field.ts";
import { governmentDomain } from "../schema/values.ts";
import { chooseBlock, uniqueLocalBlock } from "./address-block.ts";
import { type AreaList, folderName, fullName, type Regency } from "./areas.ts";
import { findRegency } from "./find-regency.ts";
import { neighboursIn, type Neighbour } from "../neighbours.ts";
import { regulationOf } from "./regulation.ts";
import { scaffold } from "./scaffold.ts";
import { timeZoneOf } from "./time-zone.ts";
import { isTaken } from "./write-kabupaten.ts";

export interface Wish {
  readonly list: AreaList;
  /** The folder that holds one folder per kabupaten. */
  readonly directory: string;
  /** A Kemendagri code or a name. */
  readonly which: string;
  /** The folder's name, where it shall not be that of the kabupaten. */
  readonly name?: string;
  /** Where it shall be neither its regulation's nor the usual one. */
  readonly domain?: string;
  /** The 5 random bytes of the unique local /48 (RFC 4193). */
  readonly globalId: Uint8Array;
}

/** A kabupaten that can be written. */
export interface Beginning {
  /** `Kabupaten Temanggung`. */
  readonly title: string;
  readonly name: string;
  readonly code: string;
  /** Path in the kabupaten's folder to text. */
  readonly files: ReadonlyMap<string, string>;
}

/** Decides everything about a new kabupaten and writes nothing; no beginning when a finding says why not. */
export async function beginKabupaten(
  wish: Wish,
): Promise<{ beginning?: Beginning; findings: readonly Diagnostic[] }> {
  const regency = findRegency(wish.which, wish.list.regencies);
  if (regency instanceof Fault) return { findings: [refused(AREA, regency)] };
  const name = parseSlug(wish.name ?? folderName(regency));
  if (name instanceof Fault) return { findings: [refused(NAME, name)] };
  const neighbours = await neighboursIn(wish.directory);
  const taken = whatIsThere(wish.directory, name, regency, neighbours);
  if (taken !== undefined) return { findings: [alreadyThere(taken, regency)] };
  const regulation = await regulationOf(wish.directory, folderName(regency));
  const domain = parseDomain(wish.domain ?? regulation?.domain ?? usualDomain(regency));
  if (typeof domain !== "string") return { findings: [domain] };

  const { block, isShared } = chooseBlock(neighbours.flatMap(({ ipv4 }) => ipv4?.prefix ?? []));
  const files = scaffold(wish.list.areasOf(regency), {
    regulation: regulation?.id ?? "none",
    domain,
    timezone: regulation?.timezone ?? timeZoneOf(regency.code),
    ipv4: block,
    ipv6: uniqueLocalBlock(wish.globalId),
  });
  const findings = [
    ...neighbours.filter(({ ipv4 }) => ipv4 === undefined).map(unreadNeighbour),
    ...(isShared ? [sharedBlock(name, block.text)] : []),
  ];
  return { beginning: { title: fullName(regency), name, code: regency.code, files }, findings };
}

const AREA = {
  id: "area-unknown",
  why: "codes and names are those of the Ministry of Home Affairs",
};
const NAME = { id: "slug-form", why: "the folder's name is part of every name on the engines" };

function usualDomain({ name, isKota }: Regency): string {
  return `${slugOf(name).replaceAll("-", "")}${isKota ? "kota" : "kab"}.go.id`;
}

function parseDomain(text: string): string | Diagnostic {
  const result = v.safeParse(governmentDomain(), text);
  if (result.success) return result.output.text;
  const { id, predicate, why, fix } = unpack(result.issues[0].message);
  return { id, severity: "error", what: `the domain ${predicate}`, why, fix };
}

/** The folder itself, or another one with the same code: two of it would have the same AS numbers. */
function whatIsThere(
  directory: string,
  name: string,
  { code }: Regency,
  neighbours: readonly Neighbour[],
): string | undefined {
  if (isTaken(directory, name)) return join(directory, name);
  const same = neighbours.find((neighbour) => neighbour.code === code);
  return same && join(directory, same.name);
}

/** Also when somebody was faster. */
export function alreadyThere(folder: string, { code }: { readonly code: string }): Diagnostic {
  return {
    id: "kabupaten-exists",
    severity: "error",
    what: `${folder} is there already, and ${code} was to be begun`,
    why: "init never overwrites what somebody may have worked on",
    fix: "go on with what is there, or move it away first",
  };
}

function refused({ id, why }: { id: string; why: string }, { what, fix }: Fault): Diagnostic {
  return { id, severity: "error", what, why, fix };
}

function unreadNeighbour({ name }: Neighbour): Diagnostic {
  return {
    id: "neighbour-unread",
    severity: "warning",
    what: `the address block of ${name} could not be read`,
    why: "the new kabupaten may have been given the same one",
    fix: `run npx simpul check --kabupaten ${name}, then compare addressing.ipv4 of both`,
  };
}

function sharedBlock(name: string, block: string): Diagnostic {
  return {
    id: "block-shared",
    severity: "warning",
    what: `${name} has ${block}, which another kabupaten of this inventory has too`,
    why: "all 17 private blocks of this size are taken (RFC 1918); two that overlap cannot run on one engine",
    fix: "run them on engines of their own, or choose smaller blocks by hand",
  };
}
