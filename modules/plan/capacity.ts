import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import { siteFull } from "./plan-findings.ts";

/** Checks that the VPS of the Pusat Data fit into it: memory and disk are promised whole, processors too. */
export function checkCapacity({ kabupaten, vps }: Inventory): readonly Diagnostic[] {
  const site = kabupaten.sites.get("pusat-data");
  if (site === undefined) return [];
  const standing = vps.filter(({ state }) => state !== "archived");
  const sum = (of: (each: Vps) => number): number =>
    standing.reduce((total, each) => total + of(each), 0);
  const at = (field: string) => kabupaten.origin.at("sites", "pusat-data", "capacity", field);
  const findings: Diagnostic[] = [];
  const cpu = sum((each) => each.cpu);
  if (cpu > site.capacity.cpu)
    findings.push(siteFull(at("cpu"), "cpu", String(cpu), String(site.capacity.cpu)));
  for (const resource of ["memory", "disk"] as const) {
    const asked = sum((each) => each[resource].mebibytes);
    const capacity = site.capacity[resource];
    if (asked > capacity.mebibytes)
      findings.push(siteFull(at(resource), resource, `${asked}MiB`, capacity.text));
  }
  return findings;
}
