import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SiteName } from "../../inventory/site-model.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { EngineOf } from "../service-move.ts";
import { ServiceMoves } from "../service-move.ts";
import { DatabaseAgents } from "./database-agent.ts";
import { DatabaseSteps } from "./database-steps.ts";
import { ServerSteps } from "./server-steps.ts";
import type { DrillState } from "./drill-state.ts";

/** One step: done again, it finds done what is done. */
export interface DrillStep {
  readonly id: string;
  /** For people: what it does. */
  readonly words: string;
  /** @returns why it could not be done */
  run(): Promise<Diagnostic | undefined>;
}

/** What moves one service, whatever it is. */
export interface ServiceSteps {
  /** Why it cannot be moved now. */
  ready(to: SiteName): Promise<Diagnostic | undefined>;
  /** Ends it where it is. */
  end(from: SiteName): Promise<Diagnostic | undefined>;
  /** Makes it what people use, with all that was written. */
  begin(to: SiteName): Promise<Diagnostic | undefined>;
}

/** All steps of a drill in their order: one service after the other, those first that others ask. */
export function drillSteps(
  plan: KabupatenPlan,
  { kind, direction, services }: DrillState,
  engineOf: EngineOf,
): readonly DrillStep[] {
  const [from, to]: readonly [SiteName, SiteName] =
    direction === "there" ? ["pusat-data", "drc"] : ["drc", "pusat-data"];
  const lost = kind === "unplanned" && direction === "there";
  const moves = new ServiceMoves(plan.name, plan.drc!, engineOf);
  const step = (
    verb: string,
    service: string,
    words: string,
    run: DrillStep["run"],
  ): DrillStep => ({
    id: `${direction}/${service}/${verb}`,
    words: `${service}: ${words}`,
    run,
  });
  const own = new Map(services.map((each) => [each, stepsOf(plan, each, engineOf, lost)]));
  return [
    // Nothing moves before all of it can.
    ...(lost ? [] : services).map((service) =>
      step("ready", service, `see that ${to} is ready for it`, () => own.get(service)!.ready(to)),
    ),
    ...services.flatMap((service) => [
      step("end", service, `end it and withdraw its address at ${from}`, async () => {
        const [ended, withdrawn] = await Promise.all([
          lost ? undefined : own.get(service)!.end(from),
          moves.withdraw(from, service),
        ]);
        // What is lost announces nothing, and what comes back is told then: the other path is shorter.
        return ended ?? (lost ? undefined : withdrawn);
      }),
      step("begin", service, `begin it and announce its address at ${to}`, async () => {
        const both = [own.get(service)!.begin(to), moves.announce(to, service)];
        return (await Promise.all(both)).find((refused) => refused !== undefined);
      }),
    ]),
  ];
}

function stepsOf(
  plan: KabupatenPlan,
  service: string,
  engineOf: EngineOf,
  lost: boolean,
): ServiceSteps {
  const database = plan.failover?.databases.find((each) => each.service === service);
  return database === undefined
    ? new ServerSteps(plan, service, engineOf, lost)
    : new DatabaseSteps(new DatabaseAgents(plan.name, database, engineOf), lost);
}

/** Services that can be moved: databases first, for others ask them. */
export function drillableServices({ drc, failover }: KabupatenPlan): readonly string[] {
  const all = (drc?.moves ?? []).map(({ service }) => service);
  const streamed = new Set((failover?.databases ?? []).map(({ service }) => service));
  return [
    ...all.filter((each) => streamed.has(each)),
    ...all.filter((each) => !streamed.has(each)),
  ];
}
