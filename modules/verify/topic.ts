import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Engine } from "../engine/docker-engine.ts";
import type { Duty } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ProofOutcome } from "./backup-proof.ts";
import type { ProofSettings } from "./backup-run.ts";
import type { CheckGroups } from "./check-groups.ts";
import type { ContainerState } from "./containers.ts";

/** What every topic compares: the plan, and the engine on which it is to stand. */
export interface VerifyContext {
  readonly plan: KabupatenPlan;
  readonly engine: Engine;
  /** Containers of this kabupaten as they were when verification began, by name. */
  readonly containers: ReadonlyMap<string, ContainerState>;
  /** Where the inventory speaks of this slug, if it does. */
  readonly placeOf: (slug: string) => Place | undefined;
  /** Whether the packet filter of the engine's host is what setup left there. */
  readonly firewall: () => Promise<FirewallState>;
  /** Sessions and routes are there, or had their time: what asks through the network waits for it. */
  readonly settled: Promise<void>;
  /** Called by the topic that `settles`. */
  readonly settle: () => void;
  /** Certificate of the kabupaten's own authority in PEM, where this machine has it. */
  readonly authority?: string;
  /** Where backups are to be proven. */
  readonly backup?: BackupVerification;
}

/** What a proof of backups needs beyond the plan. */
export interface BackupVerification {
  /** Id of the image `backup-proof`. */
  readonly image: string;
  readonly settings: ProofSettings;
  /** File whose lock proofs and pruning of this kabupaten share. */
  readonly lock: string;
  /** Key of a repository; undefined where this machine does not have it. */
  readonly passwordOf: (repository: string, site: SiteName) => string | undefined;
  readonly duties: readonly Duty[];
  /** An agency's name for people, by its slug. */
  readonly agencyOf: (slug: string) => string;
  /** Called with what came of each repository, for metrics and evidence. */
  readonly done: (outcomes: readonly ProofOutcome[]) => Promise<void>;
}

export type FirewallState = "in-force" | "changed" | "absent" | "out-of-reach";

/** One subject of `simpul verify`: a file of its own that observes, then compares. */
export interface Topic {
  readonly name: string;
  /** How many groups of checks it has, for the progress bar. */
  readonly groups: number;
  /** Gives routers that have just started the time they need; topics run at the same time. */
  readonly settles: boolean;
  /** Runs its groups of checks in order; what they find is kept in `groups`. */
  verify(context: VerifyContext, groups: CheckGroups): Promise<void>;
}

/** What one group of checks hands back. */
export interface GroupOutcome<T> {
  readonly findings: readonly Diagnostic[];
  /** Counts and times for evidence; units stand in the names. */
  readonly measured: Measured;
  /** A few words for the progress line: `44 of 44 sessions up`. */
  readonly said: string;
  /** What later groups need. */
  readonly result: T;
}

export type Measured = Readonly<Record<string, number>>;
