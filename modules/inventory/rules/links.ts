import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { desaSlug } from "../assemble.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { unknownReference } from "./finding.ts";

/** A point-to-point line joins two different routers of the inventory. */
export function checkLinks(files: InventoryFiles): Diagnostic[] {
  const { file, source } = files.topology;
  const routers = routersOf(files);
  return [...file.links].flatMap(([name, { between }]) => [
    ...between
      .map((end, index) => ({ end, at: source.at("links", name, "between", index) }))
      .filter(({ end }) => !routers.includes(end))
      .map(({ end, at }) => unknownReference(at, `an end of ${name}`, end, "router", routers)),
    ...(between.length === 2 && between[0] !== between[1]
      ? []
      : [
          errorAt(
            source.at("links", name, "between"),
            "link-ends",
            between.length === 2
              ? `${name} joins ${between[0]} with itself`
              : `${name} has ${between.length} ${between.length === 1 ? "end" : "ends"}`,
            "a point-to-point line has two addresses, one for each end (RFC 3021, RFC 6164)",
            "name two different routers; what joins more is a segment",
          ),
        ]),
  ]);
}

function routersOf({ topology, perangkatDaerah, desa }: InventoryFiles): readonly string[] {
  return [
    ...topology.file.cores.keys(),
    ...[...topology.file.pops.keys()].map((pop) => `pop-${pop}`),
    ...perangkatDaerah.map(({ name }) => name),
    ...desa.flatMap(({ name, file }) => file.villages.map((village) => desaSlug(name, village))),
  ];
}
