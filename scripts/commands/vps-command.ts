import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import type { VpsPlan } from "../../modules/plan/vps-plan.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import type { Prepared } from "../project.ts";
import { findMachine } from "./stack-command.ts";

/** A VPS, and the engine that answers for it. */
export interface VpsAtHand extends Prepared {
  readonly vps: VpsPlan;
  readonly container: string;
  readonly engine: Engine;
}

/** The engine and the plan for a command on VPS; undefined after having said what is missing. */
export async function readyForVps(
  output: Output,
  command: string,
  options: CommonOptions,
): Promise<(Prepared & { readonly engine: Engine }) | undefined> {
  const { prepareOrReport } = await import("../project.ts");
  const { LOCAL } = await import("../../stacks/prepare.ts");
  const { default: path } = await import("node:path");
  const prepared = await prepareOrReport(output, command, options);
  if (prepared === undefined) return undefined;
  const { engine, missing } = await findMachine(path.join(LOCAL, "env"));
  if (engine !== undefined) return { ...prepared, engine };
  report(output, command, options, missing);
  output.exitCode(EXIT.environment);
  return undefined;
}

/** The same with one VPS by its name, which must be deployed. */
export async function vpsAtHand(
  output: Output,
  command: string,
  options: CommonOptions,
  name: string,
): Promise<VpsAtHand | undefined> {
  const ready = await readyForVps(output, command, options);
  if (ready === undefined) return undefined;
  const { findVps } = await import("./find-vps.ts");
  const { vpsContainerName } = await import("../../modules/engine/vps-containers.ts");
  const vps = findVps(ready.plan, name);
  if ("severity" in vps) {
    report(output, command, options, [vps]);
    output.exitCode(EXIT.usage);
    return undefined;
  }
  const container = vpsContainerName(ready.plan, name);
  const there = await ready.engine.run(["docker", "container", "inspect", container]);
  if (there.code === 0) return { ...ready, vps, container };
  report(output, command, options, [notDeployed(name)]);
  return undefined;
}

function notDeployed(name: string): Diagnostic {
  return {
    id: "vps-not-deployed",
    severity: "error",
    what: `VPS ${name} is in the inventory, and not on the engine`,
    why: "what does not run yet has no console and cannot be restarted",
    fix: "simpul deploy makes it",
  };
}
