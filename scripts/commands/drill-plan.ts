import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { DrillState } from "../../modules/engine/drill/drill-state.ts";
import type { EngineOf } from "../../modules/engine/service-move.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import type { Prepared } from "../project.ts";
import { readyForVps } from "./vps-command.ts";

export interface DrillOptions {
  readonly dryRun?: boolean;
  readonly service?: string;
  readonly back?: boolean;
  readonly continue?: boolean;
  readonly unplanned?: boolean;
  readonly yes?: boolean;
}

/** What a drill works on. */
export interface DrillAtHand extends Prepared {
  readonly engineOf: EngineOf;
  /** Folder of the kabupaten's states, where the drill's own lies. */
  readonly states: string;
  /** Services that can be moved, in the order in which they are. */
  readonly services: readonly string[];
  /** As an earlier run left it. */
  readonly underWay: DrillState | undefined;
}

/** Undefined after having said what is missing. */
export async function drillAtHand(
  output: Output,
  options: CommonOptions,
): Promise<DrillAtHand | undefined> {
  const ready = await readyForVps(output, "drill drc", options);
  if (ready === undefined) return undefined;
  const { LOCAL } = await import("../../stacks/prepare.ts");
  const { default: path } = await import("node:path");
  const { drillableServices } = await import("../../modules/engine/drill/drill-steps.ts");
  const { readDrill } = await import("../../modules/engine/drill/drill-state.ts");
  const services = drillableServices(ready.plan);
  if (services.length === 0) {
    report(output, "drill drc", options, [...ready.findings, nothingToMove()]);
    output.exitCode(EXIT.usage);
    return undefined;
  }
  const states = path.join(LOCAL, "state", options.kabupaten);
  return {
    ...ready,
    engineOf: () => ready.engine,
    states,
    services,
    underWay: await readDrill(states),
  };
}

/** The drill that these options ask for, as it begins or goes on; or why not. */
export function nextState(
  { services, underWay }: Pick<DrillAtHand, "services" | "underWay">,
  options: DrillOptions,
): DrillState | Diagnostic {
  const { service } = options;
  if (service !== undefined && !services.includes(service))
    return wrongDrill(`${service} has no standby at the DRC`, `one of ${services.join(", ")}`);
  if (options.continue === true)
    return underWay ?? wrongDrill("no drill is under way", "begin one: simpul drill drc --dry-run");
  if (options.back === true) {
    if (underWay === undefined)
      return wrongDrill("no drill has moved anything", "begin one: simpul drill drc --dry-run");
    return underWay.direction === "back" ? underWay : { ...underWay, direction: "back", done: [] };
  }
  if (underWay !== undefined)
    return wrongDrill(
      `a drill of ${underWay.services.join(", ")} is under way`,
      "go on with it (--continue), or home again (--back)",
    );
  return {
    kind: options.unplanned === true ? "unplanned" : "planned",
    direction: "there",
    services: service === undefined ? services : [service],
    began: Date.now(),
    done: [],
  };
}

function wrongDrill(what: string, fix: string): Diagnostic {
  const why = "a drill is gone on with or undone, never begun over";
  return { id: "drill-wrong", severity: "error", what, why, fix };
}

function nothingToMove(): Diagnostic {
  return {
    id: "drill-nothing",
    severity: "error",
    what: "no server has a standby at the DRC",
    why: "only a server with drc: warm can be moved, and only where a core router stands at the DRC",
    fix: "write drc: warm in its file, then simpul deploy",
  };
}
