import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { liesIn } from "../../core/kemendagri-code.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts } from "./finding.ts";

/** Kecamatan lie in the kabupaten, villages in their kecamatan, and nobody is listed twice. */
export function checkAreas(files: InventoryFiles): Diagnostic[] {
  const { kabupaten, topology, desa } = files;
  const kecamatan = desa.map(({ file, source }) => ({
    value: file.kecamatan.code,
    at: source.at("kecamatan", "code"),
  }));
  const villages = desa.flatMap(({ file, source }) =>
    file.villages.map(({ code }, index) => ({
      value: code,
      larger: file.kecamatan.code,
      at: source.at("villages", index, "code"),
    })),
  );
  const pops = [...topology.file.pops].map(([name, pop]) => ({
    value: pop.kecamatan,
    at: topology.source.at("pops", name, "kecamatan"),
  }));
  const twice = ({ value }: { value: string }, others: string) => ({
    id: "code-taken",
    what: `the code ${value} also stands at ${others}`,
    why: "a code names one area",
    fix: "look the right code up, or remove one of the two",
  });
  return [
    ...unquoted(files),
    ...conflicts(kecamatan, twice),
    ...conflicts(villages, twice),
    ...conflicts(pops, twice),
    ...kecamatan
      .filter(({ value }) => !liesIn(value, kabupaten.file.code))
      .map(({ value, at }) => outside(at, value, kabupaten.file.code)),
    ...villages
      .filter(({ value, larger }) => !liesIn(value, larger))
      .map(({ value, larger, at }) => outside(at, value, larger)),
  ];
}

/** Only the kabupaten's code has one dot, and so looks like a number to other programs. */
function unquoted({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  if (source.isQuoted("code")) return [];
  return [
    errorAt(
      source.at("code"),
      "code-without-quotes",
      `code is ${file.code} without quotes`,
      "other programs read a number there, and 33.10 would become 33.1",
      `write "${file.code}"`,
    ),
  ];
}

function outside(at: Diagnostic["at"] & object, code: string, larger: string): Diagnostic {
  return errorAt(
    at,
    "code-outside",
    `the code ${code} does not lie in ${larger}`,
    "each level's code starts with its parent's (Permendagri 72/2019)",
    `write a code that starts with ${larger}.`,
  );
}
