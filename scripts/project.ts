import type { Diagnostic } from "../modules/core/diagnostic.ts";
import type { Inventory } from "../modules/inventory/model.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { prepare } from "../stacks/prepare.ts";
import { dayOf } from "./commands/today.ts";
import { EXIT, report, type CommonOptions, type Output } from "./output.ts";

/** An inventory without errors, and its plan. */
export interface Prepared {
  readonly inventory: Inventory;
  readonly plan: KabupatenPlan;
  /** Warnings and information. */
  readonly findings: readonly Diagnostic[];
}

/** Loads and plans; says what is wrong and gives undefined when there is no plan. */
export async function prepareOrReport(
  output: Output,
  command: string,
  options: CommonOptions,
): Promise<Prepared | undefined> {
  const { inventory, plan, findings, unreadable } = await prepare({
    ...options,
    today: dayOf(options),
  });
  if (inventory !== undefined && plan !== undefined) return { inventory, plan, findings };
  report(output, command, options, findings);
  if (unreadable) output.exitCode(EXIT.usage);
  return undefined;
}

/** One line that says how much is planned. */
export function summary(plan: KabupatenPlan): string {
  const routers = (tier: string): number =>
    plan.routers.filter((router) => router.tier === tier).length;
  return [
    `${plan.title}: ${routers("pop")} POPs`,
    `${routers("perangkat-daerah")} Perangkat Daerah`,
    `${routers("desa")} desa`,
    `${plan.vps.length} VPS`,
    `${plan.dns.zones.length} zones`,
    `${plan.allocations.length + plan.asns.size} allocations`,
  ].join(", ");
}
