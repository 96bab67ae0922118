import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { Fault } from "../../core/fault.ts";
import { parseSlug } from "../../core/slug.ts";
import { desaSlug } from "../assemble.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { isReservedSlug } from "../reserved-slugs.ts";
import { devicesOf } from "./colocation.ts";
import { conflicts, type Claim } from "./finding.ts";

/** A slug names one thing over all kinds; a VPS file is called what it describes. */
export function checkSlugs(files: InventoryFiles): Diagnostic[] {
  const desa = desaClaims(files);
  const all = [...claims(files), ...desa];
  return [
    ...conflicts(all, ({ value }, others) => ({
      id: "slug-taken",
      what: `the slug ${value} is also that of ${others}`,
      why: "a slug names one thing over all kinds: containers, zones and reports are called by it",
      fix: "rename one of them",
    })),
    ...[...all, ...popNames(files)]
      .filter(({ value }) => isReservedSlug(value))
      .map(({ value, at }) =>
        errorAt(
          at,
          "slug-reserved",
          `the slug ${value} is reserved`,
          "segments, name servers and gateways of the plan itself are called so",
          "choose another name, such as one that says whose it is",
        ),
      ),
    ...desa.flatMap(({ value, at }) => {
      const slug = parseSlug(value);
      return slug instanceof Fault
        ? [
            errorAt(
              at,
              "slug-form",
              `the slug would be ${value}, which is no slug`,
              slug.what,
              "add slug: with a shorter one that starts with desa-",
            ),
          ]
        : [];
    }),
    ...[...files.vps, ...files.colocation]
      .filter(({ name, file }) => file.name !== name)
      .map(({ name, file, source }) =>
        errorAt(
          source.at("name"),
          "name-not-file",
          `name is ${file.name}, and the file is ${name}.yaml`,
          "a file is found by the name of what it describes",
          `write ${name}, or rename the file to ${file.name}.yaml`,
        ),
      ),
  ];
}

/** `pop-core` is a router like others, but the lock knows a POP's share of the pools by its own name. */
function popNames({ topology: { file, source } }: InventoryFiles): Claim[] {
  return [...file.pops.keys()].map((name) => ({ value: name, at: source.atKey("pops", name) }));
}

function claims({
  topology: { file, source },
  perangkatDaerah,
  vps,
  colocation,
}: InventoryFiles): Claim[] {
  return [
    ...[...file.segments.keys()].map((name) => ({
      value: name,
      at: source.atKey("segments", name),
    })),
    ...[...file.links.keys()].map((name) => ({ value: name, at: source.atKey("links", name) })),
    ...[...file.pops.keys()].map((name) => ({
      value: `pop-${name}`,
      at: source.atKey("pops", name),
    })),
    ...[...file.cores.keys()].map((name) => ({ value: name, at: source.atKey("cores", name) })),
    ...perangkatDaerah.map((entry) => ({ value: entry.name, at: entry.source.at() })),
    ...[...vps, ...colocation].map((entry) => ({
      value: entry.name,
      at: entry.source.at("name"),
    })),
    ...devicesOf(colocation).map(({ name, rack }) => ({
      value: name,
      at: rack.source.atKey("devices", name),
    })),
  ];
}

function desaClaims({ desa }: InventoryFiles): Claim[] {
  return desa.flatMap(({ name, file, source }) =>
    file.villages.map((village, index) => ({
      value: desaSlug(name, village),
      at: source.at("villages", index, village.slug === undefined ? "name" : "slug"),
    })),
  );
}
