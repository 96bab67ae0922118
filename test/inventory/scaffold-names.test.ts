import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { Fault } from "../../modules/core/fault.ts";
import { parseSlug } from "../../modules/core/slug.ts";
import {
  folderName,
  type Area,
  type KecamatanArea,
} from "../../modules/inventory/scaffold/areas.ts";
import { findRegency } from "../../modules/inventory/scaffold/find-regency.ts";
import { kecamatanNames, villageSlugs } from "../../modules/inventory/scaffold/scaffold-slugs.ts";
import { timeZoneOf } from "../../modules/inventory/scaffold/time-zone.ts";
import { quoted, yamlText } from "../../modules/inventory/scaffold/yaml-text.ts";
import { AREAS } from "./scaffold-lab.ts";

const found = (word: string): string => {
  const regency = findRegency(word, AREAS.regencies);
  return regency instanceof Fault ? regency.fix : folderName(regency);
};

describe("findRegency", () => {
  it.each([
    ["33.23", "temanggung"],
    ["temanggung", "temanggung"],
    ["Kabupaten Bandung", "bandung"],
    ["kota bandung", "kota-bandung"],
    ["kota-bandung", "kota-bandung"],
    ["yogyakarta", "kota-yogyakarta"],
    ["toli toli", "toli-toli"],
    ["jakarta pusat", "kota-jakarta-pusat"],
    ["31.01", "kepulauan-seribu"],
  ])("%s is %s", (word, folder) => {
    expect(found(word)).toBe(folder);
  });

  it.each([
    ["bandung", "write the code: 32.04 (Kabupaten Bandung) or 32.73 (Kota Bandung)"],
    ["temangung", "write 33.23 (Kabupaten Temanggung)"],
    ["magelan", "write 33.08 (Kabupaten Magelang) or 33.71 (Kota Magelang)"],
    ["3323", "write 33.23 (Kabupaten Temanggung)"],
    ["33.23.08", "write 33.23 (Kabupaten Temanggung)"],
    ["75.99", /^choose from: 75\.01 \(Kabupaten Gorontalo\), .*75\.71 \(Kota Gorontalo\)$/],
    ["99.01", /^write it as 33\.23, .*or write the name$/],
    ["", /^write it as 33\.23, /],
    ["atlantis utara", "write its Kemendagri code, such as 33.23"],
    ["../../etc", "write its Kemendagri code, such as 33.23"],
  ])("%j: %s", (word, fix) => {
    expect(found(word)).toEqual(typeof fix === "string" ? fix : expect.stringMatching(fix));
  });

  it("finds each of the 514 by code and by what its folder is called", () => {
    expect(AREAS.regencies.length).toBe(514);
    const folders = AREAS.regencies.map(folderName);
    expect(new Set(folders).size).toBe(514);
    expect(AREAS.regencies.map(({ code }) => found(code))).toEqual(folders);
    expect(folders.filter((folder) => parseSlug(folder) instanceof Fault)).toEqual([]);
  });
});

describe("timeZoneOf", () => {
  it.each([
    ["Asia/Jakarta", ["11.01", "21.71", "31.71", "36.01", "61.05", "62.01"]],
    ["Asia/Makassar", ["51.71", "52.01", "53.10", "63.03", "64.01", "65.01", "71.01", "76.01"]],
    ["Asia/Jayapura", ["81.01", "82.01", "91.01", "92.01", "93.01", "94.01", "95.01", "96.01"]],
  ])("%s", (zone, codes) => {
    expect(new Set(codes.map(timeZoneOf))).toEqual(new Set([zone]));
  });
});

describe("slugs of areas", () => {
  const kecamatan = (code: string, name: string, ...villages: string[]): KecamatanArea => ({
    code: `33.23.${code}`,
    name,
    villages: villages.map((village, index) => ({
      code: `33.23.${code}.${2001 + index}`,
      name: village,
    })),
  });
  const pops = (...areas: Area[]): string[] =>
    [...kecamatanNames(areas).values()].map(({ pop }) => pop);

  it.each([
    ["2 x 11 Kayu Tanam", "kec-2-x-11-kayu-tanam"],
    ["O'o'u", "oou"],
    ["Konda/ Kondaga", "konda-kondaga"],
    ["Misool (Misool Utara)", "misool-misool-utara"],
    ["Core", "kec-core"],
    ["Sangat Panjang Sekali Sampai Tidak Muat", "sangat-panjang-sekali-sampai"],
    ["!!!", "kec-05"],
  ])("%s stands behind %s", (name, pop) => {
    expect(pops(kecamatan("05", name))).toEqual([pop]);
  });

  it("tell kecamatan with one name apart", () => {
    expect(pops(kecamatan("01", "Batu"), kecamatan("02", "BATU"), kecamatan("03", "Kayu"))).toEqual(
      ["batu-01", "batu-02", "kayu"],
    );
  });

  it("keep out of each other's way", () => {
    const names = ["Batu", "BATU", "Batu 01", "Core", "Kec Core", "2 Kayu", "Kec 2 Kayu"];
    const slugs = pops(...names.map((name, index) => kecamatan(`0${index + 1}`, name)));
    expect(new Set(slugs).size).toBe(names.length);
  });

  it("are written only for villages whose own would be too long or taken", () => {
    const areas = [
      kecamatan("01", "Sorkam", "Naipospos", "Sorkam Kanan", "Sorkam Kanan"),
      kecamatan("02", "Koto Mambang", "Kampuang Tanjuang Koto Mambang Sungai Durian"),
    ];
    expect(Object.fromEntries(villageSlugs(areas, kecamatanNames(areas)))).toEqual({
      "33.23.01.2002": "desa-sorkam-sorkam-kanan-2002",
      "33.23.01.2003": "desa-sorkam-sorkam-kanan-2003",
      "33.23.02.2001": "desa-koto-mambang-kampuang-tanjuang-2001",
    });
  });

  it("are slugs, each for one area, whatever the names", () => {
    const name = fc.oneof(
      fc.constantFrom("A", "A B", "B", "Desa", "2", "Sangat Panjang Sekali Sampai Tidak Muat"),
      fc.string({ unit: "grapheme", maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.array(name)), { maxLength: 8 }), (input) => {
        const areas = input.map(([title, villages], index) =>
          kecamatan(String(index + 10), title, ...villages),
        );
        const names = kecamatanNames(areas);
        const slugs = villageSlugs(areas, names);
        const all = [...names.values()].flatMap(({ base, pop }) => [pop, `kecamatan-${base}`]);
        const given = [...all, ...slugs.values()];
        expect(new Set(given).size).toBe(given.length);
        expect(given.filter((slug) => parseSlug(slug) instanceof Fault)).toEqual([]);
      }),
    );
  });
});

describe("yamlText", () => {
  it.each([
    ["Temanggung I", "Temanggung I"],
    ["Ma'u", "Ma'u"],
    ["No", '"No"'],
    ["On", '"On"'],
    ["y", '"y"'],
    ["e2", '"e2"'],
    ["E-2", '"E-2"'],
    ["2 x 11 Kayu Tanam", '"2 x 11 Kayu Tanam"'],
    ["Lubuk Pakam I,II", '"Lubuk Pakam I,II"'],
    ['Ra"as', "'Ra\"as'"],
    ["Regapu\u2019u", '"Regapu\u2019u"'],
  ])("%s: %s", (text, written) => {
    expect(yamlText(text)).toBe(written);
  });

  it("reads back the same, in blocks and in flow, as YAML 1.1 and 1.2 have it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(..."noyesfl12.:-/ '\"#,{}[]&*!|>%@`~=<e_x".split("")),
        maxLength: 8,
      }),
      fc.constantFrom("yes", "NO", "Off", "1e3", "0x10", "1_000", "12:30:45", "~", "null", ".inf"),
    );
    fc.assert(
      fc.property(text, (value) => {
        const file = `- { name: ${yamlText(value)}, code: ${quoted(value)} }\n- ${yamlText(value)}\n`;
        for (const version of ["1.1", "1.2"] as const)
          expect(parse(file, { version })).toEqual([{ name: value, code: value }, value]);
      }),
      { numRuns: 1000 },
    );
  });
});
