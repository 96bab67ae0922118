import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import type { RepositorySource } from "../../modules/engine/restic-repository.ts";
import type { ResticSnapshot } from "../../modules/engine/restic-snapshots.ts";
import type { RepositoryPlan } from "../../modules/plan/backup-plan.ts";
import { engineName } from "../../modules/plan/engine-names.ts";
import type { CommonOptions, Output } from "../output.ts";
import type { Prepared } from "../project.ts";

export interface RestoreOptions extends CommonOptions {
  readonly at?: string;
  readonly path?: string;
  readonly to?: string;
  readonly database?: string;
  readonly from: "pusat-data" | "drc";
  readonly yes?: boolean;
}

/** What a restore is about, once all its words are understood. */
export interface RestoreAtHand extends Prepared {
  readonly engine: Engine;
  readonly repository: RepositoryPlan;
  readonly source: RepositorySource;
  readonly target: RestoreTarget;
  readonly snapshot: ResticSnapshot;
  /** All of the repository, companions among them. */
  readonly snapshots: readonly ResticSnapshot[];
  readonly options: RestoreOptions;
  readonly output: Output;
  /** Folder of what is kept about restores that are under way. */
  readonly folder: string;
}

export interface RestoreTarget {
  /** As it is called for people, and typed to confirm. */
  readonly name: string;
  /** Docker volume, or a folder of this machine. */
  readonly volume: string;
  /** Absent for a folder. */
  readonly server?: RepositoryPlan;
}

export interface RestoreEnd {
  readonly findings: readonly Diagnostic[];
  /** Present where something was restored. */
  readonly restored?: object;
  /** Exit code where findings alone do not say it. */
  readonly exitCode?: number;
}

/** A word that names the target in files and on engines. */
export function slugOf({ name }: RestoreTarget): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(-60);
}

/** The container of a server, and of its runner. */
export function containersOf(
  kabupaten: string,
  { name, host }: RepositoryPlan,
): { readonly server: string; readonly runner: string } {
  const role = host === "colocation" ? "colocation" : "vps";
  return {
    server: engineName({ kabupaten, role, name }),
    runner: engineName({ kabupaten, role: "backup-runner", name }),
  };
}
