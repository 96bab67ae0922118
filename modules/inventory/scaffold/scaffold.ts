import { slugOf } from "../../core/slug.ts";
import { MOST_POPS } from "./address-block.ts";
import { fullName, type KecamatanArea, type RegencyAreas } from "./areas.ts";
import { kecamatanNames, villageSlugs, type KecamatanNames } from "./scaffold-slugs.ts";
import {
  desaText,
  kabupatenText,
  perangkatDaerahText,
  topologyText,
  type KabupatenFacts,
} from "./scaffold-text.ts";
import { starterAgencies, type StarterAgency } from "./starter-agencies.ts";

/** What is decided before any file is written; the rest follows from the list of areas. */
export type ScaffoldChoices = Omit<KabupatenFacts, "code" | "title">;

/** A kecamatan, its names, and the POP that it hangs on. */
interface Seat {
  readonly area: KecamatanArea;
  readonly names: KecamatanNames;
  readonly pop: string;
}

/** The files of a new kabupaten: path in its folder to text, sorted. The same for the same choices. */
export function scaffold(
  areas: RegencyAreas,
  choices: ScaffoldChoices,
): ReadonlyMap<string, string> {
  const names = kecamatanNames(areas.kecamatan);
  const slugs = villageSlugs(areas.kecamatan, names);
  const seats = seatsOf(areas, names);
  const hub = names.get(capitalOf(areas).code)!.pop;
  const files = new Map<string, string>();

  const title = areas.isKota ? fullName(areas) : areas.name;
  files.set("kabupaten.yaml", kabupatenText({ ...choices, code: areas.code, title }));
  for (const { area, names: own, pop } of seats)
    files.set(`desa/${own.pop}.yaml`, desaText(area, slugs, pop === own.pop ? undefined : pop));
  for (const agency of starterAgencies(areas)) addAgency(agency, hub);
  for (const { area, names: own, pop } of seats) addAgency(officeOf(area, own), pop);
  const pops = seats.filter((seat) => seat.pop === seat.names.pop);
  files.set(
    "wan/topology.yaml",
    topologyText(pops.map(({ area, pop }) => ({ pop, kecamatan: area.code }))),
  );
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));

  function addAgency(agency: StarterAgency, pop: string): void {
    const text = perangkatDaerahText(agency, pop, choices.domain);
    files.set(`perangkat-daerah/${agency.slug}.yaml`, text);
  }
}

/** Each kecamatan has a POP of its own as long as shares of the pools last; the others hang on the capital's. */
function seatsOf(areas: RegencyAreas, names: ReadonlyMap<string, KecamatanNames>): readonly Seat[] {
  const capital = capitalOf(areas);
  const others = areas.kecamatan.filter((area) => area !== capital);
  const withPop = new Set([capital, ...others.slice(0, MOST_POPS - 1)]);
  return areas.kecamatan.map((area) => ({
    area,
    names: names.get(area.code)!,
    pop: names.get((withPop.has(area) ? area : capital).code)!.pop,
  }));
}

/** The list does not say which kecamatan is the capital: the one that is called so, else the first. */
function capitalOf({ code, name, kecamatan }: RegencyAreas): KecamatanArea {
  const own = slugOf(name);
  const called = [own, `kota-${own}`, `${own}-kota`];
  const [capital = kecamatan[0]] = called.flatMap((slug) =>
    kecamatan.filter((each) => slugOf(each.name) === slug),
  );
  if (capital === undefined) throw new Error(`the list of areas has no kecamatan in ${code}`);
  return capital;
}

function officeOf({ name }: KecamatanArea, { base }: KecamatanNames): StarterAgency {
  return {
    slug: `kecamatan-${base}`,
    title: `Kecamatan ${name}`,
    kind: "kecamatan",
    subdomain: `kec-${base}`,
    size: "small",
  };
}
