import type { Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { checkAddressing } from "./addressing.ts";
import { checkAreas } from "./areas.ts";
import { checkColocation } from "./colocation.ts";
import { checkInternet } from "./internet.ts";
import { checkLinks } from "./links.ts";
import { checkNames } from "./names.ts";
import { checkNeighbours } from "./neighbours.ts";
import { checkPlaceholders } from "./placeholders.ts";
import { checkReferences } from "./references.ts";
import { checkRenames } from "./renames.ts";
import { checkSites } from "./sites.ts";
import { checkRouterAddresses } from "./router-addresses.ts";
import { checkPublications } from "./publications.ts";
import { checkSlugs } from "./slugs.ts";
import { checkTrust } from "./trust.ts";
import { checkVps } from "./vps.ts";
import { checkWan } from "./wan.ts";

const RULES = [
  checkSlugs,
  checkRenames,
  checkNames,
  checkReferences,
  checkAreas,
  checkWan,
  checkLinks,
  checkAddressing,
  checkNeighbours,
  checkInternet,
  checkRouterAddresses,
  checkVps,
  checkColocation,
  checkPublications,
  checkSites,
  checkPlaceholders,
  checkTrust,
];

/** Fifth phase: do the files fit together? */
export function checkRules(files: InventoryFiles): Diagnostic[] {
  return RULES.flatMap((rule) => rule(files));
}
