import { kilometresBetween } from "../../core/coordinates.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";

/** Nearer than this, one flood, fire or power cut reaches both sites. No regulation gives a number. */
const NEAR = 10;

/** The DRC stands far from the Pusat Data. Places that `simpul init` guessed say nothing about it. */
export function checkSites({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  const { "pusat-data": pusatData, drc } = file.sites;
  // Where the Dinas has said how far, that is what counts (modules/plan/site-findings.ts).
  if (drc?.minimum_distance !== undefined) return [];
  if (drc === undefined || pusatData.location.placeholder || drc.location.placeholder) return [];
  const distance = kilometresBetween(pusatData.location, drc.location);
  if (distance >= NEAR) return [];
  return [
    {
      id: "sites-near",
      severity: "warning",
      at: source.at("sites", "drc", "location"),
      what: `the DRC stands ${distance.toFixed(1)} km from the Pusat Data`,
      why: "what strikes one of them must leave the other alone (Perbup Sintang 102/2019 pasal 16(11))",
      fix: `choose a place at least ${NEAR} km away, or correct the coordinates`,
    },
  ];
}
