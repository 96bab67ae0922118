import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { Fault } from "../../core/fault.ts";
import { parseSlug } from "../../core/slug.ts";
import { desaSlug } from "../assemble.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts, type Claim } from "./finding.ts";

/** A slug names one thing over all kinds; a VPS file is called what it describes. */
export function checkSlugs(files: InventoryFiles): Diagnostic[] {
  const desa = desaClaims(files);
  return [
    ...conflicts([...claims(files), ...desa], ({ value }, others) => ({
      id: "slug-taken",
      what: `the slug ${value} is also that of ${others}`,
      why: "a slug names one thing over all kinds: containers, zones and reports are called by it",
      fix: "rename one of them",
    })),
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
    ...files.vps
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

function claims({ topology: { file, source }, perangkatDaerah, vps }: InventoryFiles): Claim[] {
  return [
    ...[...file.pops.keys()].map((name) => ({
      value: `pop-${name}`,
      at: source.atKey("pops", name),
    })),
    ...[...file.cores.keys()].map((name) => ({ value: name, at: source.atKey("cores", name) })),
    ...perangkatDaerah.map((entry) => ({ value: entry.name, at: entry.source.at() })),
    ...vps.map((entry) => ({ value: entry.name, at: entry.source.at("name") })),
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
