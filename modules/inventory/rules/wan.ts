import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts } from "./finding.ts";

/** The WAN holds together: one core router at each site, one at the Pusat Data, and every POP has a way to one. */
export function checkWan(files: InventoryFiles): Diagnostic[] {
  return [...cores(files), ...pops(files), ...segmentsTwice(files)];
}

function cores({ topology: { file, source } }: InventoryFiles): Diagnostic[] {
  const claims = [...file.cores].map(([name, { site }]) => ({
    value: site,
    at: source.at("cores", name, "site"),
  }));
  return [
    ...conflicts(claims, ({ value }, others) => ({
      id: "core-twice",
      what: `the core router at ${others} stands at ${value} too`,
      why: "a site has one segment, whose first host is its core router",
      fix: "keep one of them",
    })),
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

function pops({ topology: { file, source } }: InventoryFiles): Diagnostic[] {
  const joined = new Set([...file.cores.values()].flatMap(({ segments }) => segments));
  // A misspelt segment of a core has its own finding; what follows from it has none.
  if ([...joined].some((segment) => !file.segments.has(segment))) return [];
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
