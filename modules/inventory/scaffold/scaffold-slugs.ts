import { Fault } from "../../core/fault.ts";
import { parseSlug, slugOf } from "../../core/slug.ts";
import { isReservedSlug } from "../reserved-slugs.ts";
import type { Area, KecamatanArea } from "./areas.ts";

/** So that `kecamatan-<name>` is a slug too. */
const LONGEST_KECAMATAN = 31;
const LONGEST = 41;

/** What a kecamatan is called in the inventory. */
export interface KecamatanNames {
  /** Of its office: `2-x-11-kayu-tanam`, after `kecamatan-` and `kec-`. */
  readonly base: string;
  /** Of its POP and of its file of villages: a slug by itself, `kec-2-x-11-kayu-tanam`. */
  readonly pop: string;
}

/** Names for all kecamatan of a kabupaten, by code; no two are the same. */
export function kecamatanNames(areas: readonly Area[]): ReadonlyMap<string, KecamatanNames> {
  const wanted = areas.map(({ name }) => fitted(slugOf(name), LONGEST_KECAMATAN));
  const seen = counts(wanted);
  const taken = new Set(wanted);
  return new Map(
    areas.map(({ code }, index) => {
      const short = wanted[index]!;
      const isClear = short !== "" && seen.get(short) === 1;
      const base = isClear ? short : numbered(short, code, LONGEST_KECAMATAN, taken);
      const isSlug = !(parseSlug(base) instanceof Fault) && !isReservedSlug(base);
      const pop = isSlug ? base : `kec-${base}`;
      return [code, { base, pop: isSlug || !taken.has(pop) ? pop : `kec-${pop}` }];
    }),
  );
}

/**
 * Slugs of the villages for which `desa-<kecamatan>-<name>` will not do, by code: it is too long, or two have it. They end
 * in the village's own number.
 */
export function villageSlugs(
  kecamatan: readonly KecamatanArea[],
  names: ReadonlyMap<string, KecamatanNames>,
): ReadonlyMap<string, string> {
  const villages = kecamatan.flatMap((each) =>
    each.villages.map(({ code, name }) => ({
      code,
      byDefault: `desa-${names.get(each.code)!.pop}-${slugOf(name)}`,
    })),
  );
  const seen = counts(villages.map(({ byDefault }) => byDefault));
  const taken = new Set(seen.keys());
  const slugs = new Map<string, string>();
  for (const { code, byDefault } of villages) {
    if (seen.get(byDefault) === 1 && !(parseSlug(byDefault) instanceof Fault)) continue;
    slugs.set(code, numbered(byDefault, code, LONGEST, taken));
  }
  return slugs;
}

/** With as much of the code at its end as makes it a slug that nobody has; it is taken from then on. */
function numbered(slug: string, code: string, longest: number, taken: Set<string>): string {
  const parts = code.split(".");
  const free = parts
    .map((_, index) => withEnd(slug, parts.slice(-1 - index).join("-"), longest))
    .find((each) => !taken.has(each));
  if (free === undefined) throw new Error(`no slug is free for ${code}`);
  taken.add(free);
  return free;
}

function withEnd(slug: string, end: string, longest: number): string {
  const start = fitted(slug, longest - end.length - 1);
  return start === "" ? end : `${start}-${end}`;
}

/** Cut off between words where that leaves most of it. */
function fitted(slug: string, longest: number): string {
  if (slug.length <= longest) return slug.replace(/-$/, "");
  const cut = slug.slice(0, longest + 1).lastIndexOf("-");
  return cut > longest / 2 ? slug.slice(0, cut) : slug.slice(0, longest).replace(/-$/, "");
}

function counts(texts: readonly string[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const text of texts) seen.set(text, (seen.get(text) ?? 0) + 1);
  return seen;
}
