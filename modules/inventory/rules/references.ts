import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { popOfDesa } from "../assemble.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { unknownReference } from "./finding.ts";

/** Whatever a file names stands somewhere in the inventory. */
export function checkReferences(files: InventoryFiles): Diagnostic[] {
  return [
    ...ofKabupaten(files),
    ...ofTopology(files),
    ...ofPerangkatDaerah(files),
    ...ofDesa(files),
    ...ofVps(files),
  ];
}

function ofKabupaten({
  kabupaten: { file, source },
  perangkatDaerah,
  regulations,
}: InventoryFiles): Diagnostic[] {
  const agencies = perangkatDaerah.map(({ name }) => name);
  const engines = [...file.engines.keys()];
  return [
    ...(agencies.includes(file.dinas)
      ? []
      : [unknownReference(source.at("dinas"), "dinas", file.dinas, "agency", agencies)]),
    ...(file.regulation === "none" || regulations.includes(file.regulation)
      ? []
      : [
          unknownReference(source.at("regulation"), "regulation", file.regulation, "regulation", [
            ...regulations,
            "none",
          ]),
        ]),
    ...[...file.quota.agencies.keys()]
      .filter((agency) => !agencies.includes(agency))
      .map((agency) =>
        unknownReference(
          source.atKey("quota", "agencies", agency),
          "an agency of quota",
          agency,
          "agency",
          agencies,
        ),
      ),
    ...(["pusat-data", "drc"] as const).flatMap((name) => {
      const engine = file.sites[name]?.engine;
      return engine === undefined || engines.includes(engine)
        ? []
        : [
            unknownReference(
              source.at("sites", name, "engine"),
              `the engine of ${name}`,
              engine,
              "engine",
              engines,
            ),
          ];
    }),
  ];
}

function ofTopology({ topology: { file, source }, kabupaten, desa }: InventoryFiles): Diagnostic[] {
  const segments = [...file.segments.keys()];
  const kecamatan = desa.map((entry) => entry.file.kecamatan.code);
  const unknownSegments = (table: "cores" | "pops"): Diagnostic[] =>
    [...file[table]].flatMap(([name, router]) =>
      router.segments.flatMap((segment, index) =>
        segments.includes(segment)
          ? []
          : [
              unknownReference(
                source.at(table, name, "segments", index),
                `a segment of ${name}`,
                segment,
                "segment",
                segments,
              ),
            ],
      ),
    );
  return [
    ...unknownSegments("cores"),
    ...unknownSegments("pops"),
    ...[...file.cores]
      .filter(([, { site }]) => kabupaten.file.sites[site] === undefined)
      .map(([name, { site }]) =>
        unknownReference(
          source.at("cores", name, "site"),
          `the site of ${name}`,
          site,
          "site",
          Object.keys(kabupaten.file.sites),
        ),
      ),
    ...[...file.pops]
      .filter(([, pop]) => !kecamatan.includes(pop.kecamatan))
      .map(([name, pop]) =>
        errorAt(
          source.at("pops", name, "kecamatan"),
          "unknown-reference",
          `the kecamatan of ${name} is ${pop.kecamatan}, and no file in desa/ is about it`,
          "the name and the villages of a POP's kecamatan come from that file",
          `add desa/${name}.yaml with kecamatan: { code: "${pop.kecamatan}", name: ... }`,
        ),
      ),
  ];
}

function ofPerangkatDaerah({ perangkatDaerah, topology }: InventoryFiles): Diagnostic[] {
  const pops = [...topology.file.pops.keys()];
  return perangkatDaerah
    .filter(({ file }) => !pops.includes(file.router.at))
    .map(({ file, source }) =>
      unknownReference(source.at("router", "at"), "router.at", file.router.at, "POP", pops),
    );
}

/** A planned desa may wait for its POP; an active one cannot. */
function ofDesa({ desa, topology }: InventoryFiles): Diagnostic[] {
  const pops = [...topology.file.pops.keys()];
  return desa.flatMap((entry) => {
    const pop = popOfDesa(entry);
    if (pops.includes(pop)) return [];
    if (entry.file.pop !== undefined)
      return [unknownReference(entry.source.at("pop"), "pop", pop, "POP", pops)];
    return entry.file.villages.flatMap(({ name, status }, index) =>
      status === "planned"
        ? []
        : [
            errorAt(
              entry.source.at("villages", index, "status"),
              "unknown-reference",
              `${name} is active, and there is no POP ${pop}`,
              "an active desa hangs on a POP that stands in wan/topology.yaml",
              `add ${pop} to wan/topology.yaml, or name another POP with pop:`,
            ),
          ],
    );
  });
}

function ofVps({ vps, perangkatDaerah, kabupaten }: InventoryFiles): Diagnostic[] {
  const agencies = perangkatDaerah.map(({ name }) => name);
  return vps.flatMap(({ file, source }) => [
    ...(agencies.includes(file.owner)
      ? []
      : [unknownReference(source.at("owner"), "owner", file.owner, "agency", agencies)]),
    ...file.publish.flatMap(({ audience }, index) =>
      typeof audience === "string"
        ? []
        : audience.flatMap((agency, position) =>
            agencies.includes(agency)
              ? []
              : [
                  unknownReference(
                    source.at("publish", index, "audience", position),
                    `publish[${index}].audience`,
                    agency,
                    "agency",
                    agencies,
                  ),
                ],
          ),
    ),
    ...(file.drc === "none" || kabupaten.file.sites.drc !== undefined
      ? []
      : [
          errorAt(
            source.at("drc"),
            "unknown-reference",
            `drc is ${file.drc}, and there is no site drc`,
            "nothing can stand ready at a site that does not exist",
            "write none, or add the site to kabupaten.yaml",
          ),
        ]),
  ]);
}
