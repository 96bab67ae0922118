import { join } from "node:path";

import { Fault } from "../../modules/core/fault.ts";
import { writeLock, writeTrustAnchors } from "../../modules/inventory/write-lock.ts";
import { newLockEntries } from "../../modules/plan/lock-entries.ts";
import { placesOf } from "../../stacks/places.ts";
import { LOCAL, prepare, ROOT } from "../../stacks/prepare.ts";
import { synthesise, synthesisOptions } from "../../stacks/synthesise.ts";
import { EXIT, type CommonOptions } from "../output.ts";
import type { PreparedStacks } from "./stack-command.ts";
import { dayOf } from "./today.ts";

/** From the inventory to synthesised stacks in cdktf.out, or why not and with which exit code. */
export async function prepareStacks(options: CommonOptions): Promise<PreparedStacks> {
  const environmentFile = join(LOCAL, "env");
  const states = join(LOCAL, "state", options.kabupaten);
  const unprepared = { synthesise: () => [], states, environmentFile };
  const { inventory, plan, findings, unreadable } = await prepare({
    ...options,
    today: dayOf(options),
  });
  if (inventory === undefined || plan === undefined) {
    const exitCode = unreadable === true ? EXIT.usage : EXIT.findings;
    return { ...unprepared, findings, exitCode };
  }
  const machine = synthesisOptions(plan, inventory.trustAnchors, { local: LOCAL, root: ROOT });
  if (machine instanceof Fault) {
    const { what, fix } = machine;
    const why = "a stack names its images by id and its zones by their keys";
    const missing = { id: "setup-missing", severity: "error", what, why, fix } as const;
    return { ...unprepared, findings: [...findings, missing], exitCode: EXIT.environment };
  }
  const pin = async (): Promise<readonly string[]> => {
    const lines = newLockEntries(plan, inventory.lock);
    return [
      ...(await writeLock(options, inventory.lock, lines)),
      ...(await writeTrustAnchors(options, inventory.trustAnchors, machine.dns.newAnchors)),
    ];
  };
  return {
    plan,
    synthesise: () => synthesise(plan, machine, join(LOCAL, "synth", plan.name)),
    states,
    findings,
    environmentFile,
    pin,
    placeOf: placesOf(inventory),
    renamed: new Map(
      inventory.vps.flatMap(({ name, was }) => (was === undefined ? [] : [[`vps/${was}`, name]])),
    ),
  };
}
