import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import type { Rack } from "../inventory/rack.ts";
import { checkServerOwners } from "./colocation-owners.ts";
import {
  blankOutside,
  failoverOverloaded,
  feedOverloaded,
  unitsOutside,
  unitsOverlap,
} from "./rack-findings.ts";
import { feedLoads } from "./rack-power.ts";
import { overlapsOf, standing } from "./rack-units.ts";

/** Do things fit into their racks, do the feeds carry them, and may their owners have servers there? */
export function checkRacks(inventory: Inventory): readonly Diagnostic[] {
  return [
    ...inventory.racks.flatMap((rack) => [...checkUnits(rack), ...checkPower(rack)]),
    ...checkServerOwners(inventory),
  ];
}

function checkUnits(rack: Rack): readonly Diagnostic[] {
  return [
    ...standing(rack)
      .filter(({ units }) => units.highest > rack.units)
      .map((device) => unitsOutside(rack, device)),
    ...rack.blanks.flatMap(({ highest }, index) =>
      highest > rack.units ? [blankOutside(rack, index)] : [],
    ),
    ...overlapsOf(rack).map(unitsOverlap),
  ];
}

/** Of a feed that is too weak already while both are up, the failover says nothing new. */
function checkPower(rack: Rack): readonly Diagnostic[] {
  return feedLoads(rack).flatMap((load) => {
    if (load.normal > load.capacity) return [feedOverloaded(rack, load)];
    return load.alone > load.capacity ? [failoverOverloaded(rack, load)] : [];
  });
}
