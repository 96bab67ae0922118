import type { Diagnostic } from "../core/diagnostic.ts";
import { ServiceMoves, type ServiceState } from "../engine/service-move.ts";
import { copierContainer, volumeCopies } from "../engine/standby.ts";
import type { DrcPlan } from "../plan/drc-plan.ts";
import { absentContainer } from "./absent-container.ts";
import { compareCopies, oldestCopySeconds } from "./drc-copies.ts";
import { compareStandbys } from "./drc-standbys.ts";
import type { GroupOutcome, Topic, VerifyContext } from "./topic.ts";

/** The DRC: standbys made ready and stopped, copies that are young enough, and one site that announces each service. */
export const drc: Topic = {
  name: "drc",
  groups: 3,
  settles: false,
  async verify(context, groups) {
    const planned = context.plan.drc;
    await groups.run("drc", "moves", () => checkMoves(context, planned));
    await groups.run("drc", "standbys", () => checkStandbys(context, planned));
    await groups.run("drc", "copies", () => checkCopies(context, planned));
  },
};

const NOTHING: GroupOutcome<void> = {
  findings: [],
  measured: {},
  said: "nothing to be checked",
  result: undefined,
};

async function checkMoves(
  { plan, engine, placeOf }: VerifyContext,
  planned: DrcPlan | undefined,
): Promise<GroupOutcome<void>> {
  if (planned === undefined || planned.moves.length === 0) return NOTHING;
  const states = await new ServiceMoves(plan.name, planned, () => engine).state();
  const at = (site: "pusat-data" | "drc"): number =>
    states.filter(({ leadsTo }) => leadsTo.length === 1 && leadsTo[0] === site).length;
  return {
    findings: states.flatMap((state) => {
      const place = placeOf(state.service);
      return misplaced(state).map((finding) => ({ ...finding, ...(place && { at: place }) }));
    }),
    measured: { services_at_pusat_data: at("pusat-data"), services_at_drc: at("drc") },
    said: `${at("pusat-data")} services at the Pusat Data, ${at("drc")} at the DRC`,
    result: undefined,
  };
}

function misplaced({ service, leadsTo }: ServiceState): readonly Diagnostic[] {
  if (leadsTo.length === 1) return [];
  const both = leadsTo.length > 1;
  return [
    {
      id: both ? "service-announced-twice" : "service-announced-nowhere",
      severity: "error",
      what: both
        ? `${service} is announced by the Pusat Data and by the DRC at the same time`
        : `${service} is announced by neither site`,
      why: both
        ? "routers lead to the DRC, and where its announcement does not come, to the Pusat Data: two servers may be written to"
        : "nobody reaches it",
      fix: "simpul drill drc goes on from where it was stopped; simpul-moves announce or withdraw in the gateway of one site settles it by hand",
    },
  ];
}

async function checkStandbys(
  context: VerifyContext,
  planned: DrcPlan | undefined,
): Promise<GroupOutcome<void>> {
  if (planned === undefined) return NOTHING;
  const { findings, ready, active } = await compareStandbys(context, planned);
  return {
    findings,
    measured: { standbys_planned: planned.standbys.length, standbys_ready: ready },
    said: `${ready} of ${planned.standbys.length} standbys ready${active > 0 ? `, ${active} at work` : ""}`,
    result: undefined,
  };
}

async function checkCopies(
  context: VerifyContext,
  planned: DrcPlan | undefined,
): Promise<GroupOutcome<void>> {
  const { plan, engine, containers } = context;
  if (planned?.replica === undefined) return NOTHING;
  const copier = copierContainer(plan.name, planned.replica);
  const state = containers.get(copier);
  if (state?.running !== true)
    return {
      ...NOTHING,
      findings: [absentContainer("copier-not-running", "the copier of volumes", copier, state)],
    };
  const now = Date.now() / 1000;
  const copies = await volumeCopies(engine, plan.name, planned.replica);
  const oldest = oldestCopySeconds(copies, now);
  return {
    findings: compareCopies(context, planned.replica, copies, state.upSeconds, now),
    measured: {
      copies_planned: planned.replica.volumes.length,
      copies_whole: copies.filter(({ began }) => began !== undefined).length,
      ...(oldest !== undefined && { copy_oldest_seconds: Math.round(oldest) }),
    },
    said: oldest === undefined ? "no copy yet" : `the oldest copy is ${Math.round(oldest)} s old`,
    result: undefined,
  };
}
