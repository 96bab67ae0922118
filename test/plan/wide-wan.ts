import type { Inventory } from "../../modules/inventory/model.ts";

const BOTH = ["backbone-a", "backbone-b"];

/** The inventory with two backbone segments, two cores at the Pusat Data and one at the DRC, and every POP on both segments. */
export function widened(inventory: Inventory): Inventory {
  const { wan } = inventory;
  return {
    ...inventory,
    wan: {
      ...wan,
      segments: BOTH.map((name) => ({ name, medium: "fiber" })),
      cores: [
        { name: "core-drc", site: "drc", segments: BOTH },
        { name: "core-pusat-data", site: "pusat-data", segments: BOTH },
        { name: "core-pusat-data-2", site: "pusat-data", segments: BOTH },
      ],
      pops: wan.pops.map((pop) => ({ ...pop, segments: BOTH })),
    },
  };
}
