import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts } from "./finding.ts";

/**
 * The WAN holds together: a core router at the Pusat Data, at most two at each site, all of them joined by backbone
 * segments, and every POP has a way to one.
 */
export function checkWan(files: InventoryFiles): Diagnostic[] {
  return [...cores(files), ...coresApart(files), ...pops(files), ...segmentsTwice(files)];
}

/** One router may die, and a second one is there; a third would be one more to keep, for a failure of two at once. */
const CORES_PER_SITE = 2;

function cores({ topology: { file, source } }: InventoryFiles): Diagnostic[] {
  const claims = [...file.cores].map(([name, { site }]) => ({
    value: site,
    at: source.at("cores", name, "site"),
  }));
  const standing = (site: string): number => claims.filter(({ value }) => value === site).length;
  return [
    ...conflicts(
      claims.filter(({ value }) => standing(value) > CORES_PER_SITE),
      ({ value }, others) => ({
        id: "core-too-many",
        what: `the core routers at ${others} stand at ${value} too`,
        why: `a site has at most ${CORES_PER_SITE} core routers: any one may die, and the other goes on`,
        fix: `keep ${CORES_PER_SITE} of them`,
      }),
    ),
    ...(claims.some(({ value }) => value === "pusat-data")
      ? []
      : [
          errorAt(
            source.atKey("cores"),
            "core-missing",
            "no core router stands at pusat-data",
            "the gateways of all tenants and of the name service hang on it",
            "add core-pusat-data: { site: pusat-data, segments: [...] }",
          ),
        ]),
  ];
}

/** POPs are no way between cores: those that no chain of shared backbone segments joins would not know each other. */
function coresApart(files: InventoryFiles): Diagnostic[] {
  const { file, source } = files.topology;
  const names = [...file.cores.keys()].toSorted();
  const segmentsOf = (name: string): readonly string[] => file.cores.get(name)!.segments;
  const first = names.find((name) => file.cores.get(name)!.site === "pusat-data") ?? names[0];
  if (first === undefined || misspelt(files).length > 0) return [];
  const joined = new Set([first]);
  const reached = new Set(segmentsOf(first));
  // A set goes on with what is added to it on the way.
  for (const segment of reached)
    for (const name of names)
      if (!joined.has(name) && segmentsOf(name).includes(segment)) {
        joined.add(name);
        for (const other of segmentsOf(name)) reached.add(other);
      }
  return names
    .filter((name) => !joined.has(name))
    .map((name) =>
      errorAt(
        source.at("cores", name, "segments"),
        "core-apart",
        `no chain of shared backbone segments joins ${name} with ${first}`,
        "core routers learn each other's prefixes over the segments they share; no POP is a way between them (RFC 7908)",
        `put both on one segment, e.g. add ${segmentsOf(first)[0]} to the segments of ${name}`,
      ),
    );
}

function pops(files: InventoryFiles): Diagnostic[] {
  const { file, source } = files.topology;
  const joined = new Set([...file.cores.values()].flatMap(({ segments }) => segments));
  if (misspelt(files).length > 0) return [];
  return [...file.pops].flatMap(([name, { segments }]) =>
    segments
      .filter((segment) => file.segments.has(segment) && !joined.has(segment))
      .map((segment) =>
        errorAt(
          source.at("pops", name, "segments", segments.indexOf(segment)),
          "segment-without-core",
          `${name} hangs on ${segment}, and no core router does`,
          "nobody behind this POP would be reached that way",
          `add ${segment} to the segments of a core router, or name one that has a core`,
        ),
      ),
  );
}

/** A core's segment that does not exist has its own finding; what follows from it has none. */
function misspelt({ topology: { file } }: InventoryFiles): readonly string[] {
  return [...file.cores.values()]
    .flatMap(({ segments }) => segments)
    .filter((segment) => !file.segments.has(segment));
}

function segmentsTwice({ topology: { file, source } }: InventoryFiles): Diagnostic[] {
  return (["cores", "pops"] as const).flatMap((table) =>
    [...file[table]].flatMap(([name, { segments }]) =>
      segments.flatMap((segment, index) =>
        segments.indexOf(segment) === index
          ? []
          : [
              errorAt(
                source.at(table, name, "segments", index),
                "segment-twice",
                `${name} is on ${segment} twice`,
                "a router has one address on a segment",
                "remove one of the two",
              ),
            ],
      ),
    ),
  );
}
