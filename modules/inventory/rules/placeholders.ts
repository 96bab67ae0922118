import type { Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";

const WHY = {
  location: "the distance between sites is checked, and plans and reports name the place",
  capacity: "VPS are promised what the site has",
} as const;

/** Values that `simpul init` guessed and nobody has looked at yet. */
export function checkPlaceholders({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  return (["pusat-data", "drc"] as const).flatMap((site) =>
    (["location", "capacity"] as const)
      .filter((part) => file.sites[site]?.[part].placeholder === true)
      .map((part) => ({
        id: "placeholder",
        severity: "warning",
        at: source.atKey("sites", site, part, "placeholder"),
        what: `the ${part} of ${site} is a placeholder`,
        why: WHY[part],
        fix: "write what it really is, and remove placeholder: true",
      })),
  );
}
