import { mkdir } from "node:fs/promises";
import path from "node:path";

import { firstBackups } from "../engine/backup-agents.ts";
import { holdFile } from "../engine/file-lock.ts";
import { engineName } from "../plan/engine-names.ts";
import { judgeAppendOnly, tryAppendOnly } from "./backup-append-only.ts";
import { findingOf, type BackupDuties } from "./backup-findings.ts";
import type { BackupProblem } from "./backup-problem.ts";
import type { ProofOutcome } from "./backup-proof.ts";
import { runProofs } from "./backup-run.ts";
import { backupSubjects } from "./backup-subjects.ts";
import { inParallel } from "./run-inside.ts";
import type { BackupVerification, GroupOutcome, Topic, VerifyContext } from "./topic.ts";

/** Backups: does the server refuse what it must, and does the newest one of each server restore to what was there? */
export const backup: Topic = {
  name: "backup",
  groups: 2,
  settles: false,
  async verify(context, groups) {
    const { plan, backup: request } = context;
    if (request === undefined || plan.backup === undefined) {
      await groups.run("backup", "server", () => Promise.resolve(nothingToProve()));
      return;
    }
    await context.settled;
    await untilBegun(context, (text) => groups.progress.at(text));
    await groups.run("backup", "server", () => checkServers(context, request));
    await groups.run("backup", "proof", () =>
      checkProofs(context, request, (text) => groups.progress.at(text)),
    );
  },
};

function nothingToProve(): GroupOutcome<void> {
  return { findings: [], measured: {}, said: "nothing is backed up", result: undefined };
}

/** A server that has just been deployed has its first backup taken at this moment. */
async function untilBegun(
  { plan, engine, containers }: VerifyContext,
  at: (text: string) => void,
): Promise<void> {
  const names = plan.backup!.repositories.flatMap(({ name, runner }) => {
    const container = engineName({ kabupaten: plan.name, role: "backup-runner", name });
    return runner !== undefined && containers.get(container)?.running === true ? [name] : [];
  });
  const waiting = (count: number): void => at(`${count} first backups under way`);
  await firstBackups(engine, plan.name, names, FIRST_BACKUP_SECONDS, waiting);
}

const FIRST_BACKUP_SECONDS = 60;

async function checkServers(
  { plan, engine, containers, placeOf }: VerifyContext,
  { duties, agencyOf }: BackupVerification,
): Promise<GroupOutcome<void>> {
  const repositories = plan.backup!.repositories.filter(({ runner }) => runner !== undefined);
  const tried = await inParallel(repositories, async ({ name, owner }) => {
    const container = engineName({ kabupaten: plan.name, role: "backup-runner", name });
    const subject = { name, owner, site: "pusat-data" } as const;
    if (containers.get(container)?.running !== true)
      return { subject, problems: [noRunner(container)] };
    const other = plan.backup!.repositories.find((one) => one.name !== name);
    return {
      subject,
      problems: judgeAppendOnly(await tryAppendOnly(engine, container, other?.name)),
    };
  });
  const refused = tried.filter(({ problems }) => problems.length === 0).length;
  return {
    findings: tried.flatMap(({ subject, problems }) =>
      problems.map((one) => findingOf(subject, one, { placeOf, duties, agencyOf })),
    ),
    measured: { credentials_tried: tried.length, credentials_refused_deletes: refused },
    said: `${refused} of ${tried.length} credentials can neither delete nor overwrite`,
    result: undefined,
  };
}

function noRunner(container: string): BackupProblem {
  return {
    id: "backup-runner-absent",
    severity: "error",
    what: `its runner ${container} does not run`,
    why: "nobody takes its backups",
    fix: "look at its console (docker logs), then simpul deploy",
  };
}

async function checkProofs(
  context: VerifyContext,
  request: BackupVerification,
  at: (text: string) => void,
): Promise<GroupOutcome<void>> {
  const { plan, engine, placeOf } = context;
  const duties: BackupDuties = { placeOf, duties: request.duties, agencyOf: request.agencyOf };
  await mkdir(path.dirname(request.lock), { recursive: true, mode: 0o700 });
  // Pruning holds it too: nothing is taken from under a proof.
  const release = await holdFile(request.lock, LOCK_PATIENCE_SECONDS);
  if (release === undefined) return busy();
  try {
    const outcomes = await runProofs({
      ...request.settings,
      ...{ engine, kabupaten: plan.name, image: request.image, at },
      subjects: backupSubjects(plan.backup!, request.passwordOf),
    });
    await request.done(outcomes);
    return outcome(outcomes, duties);
  } finally {
    await release();
  }
}

const LOCK_PATIENCE_SECONDS = 60;

function outcome(outcomes: readonly ProofOutcome[], duties: BackupDuties): GroupOutcome<void> {
  const proven = outcomes.flatMap(({ proven, problems }) =>
    proven !== undefined && !hasError(problems) ? [proven] : [],
  );
  const sum = (of: (each: (typeof proven)[number]) => number): number =>
    proven.reduce((total, each) => total + of(each), 0);
  const read = outcomes.reduce((total, { readBytes }) => total + readBytes, 0);
  return {
    findings: outcomes.flatMap(({ subject, problems }) =>
      problems.map((problem) => findingOf(subject, problem, duties)),
    ),
    measured: {
      repositories: outcomes.length,
      repositories_proven: proven.length,
      restored_files: sum(({ files }) => files),
      restored_bytes: sum(({ bytes }) => bytes),
      live_files: sum(({ live }) => live),
      databases_loaded: sum(({ databases }) => databases),
      rows_counted: sum(({ rows }) => rows),
      pack_bytes_read: read,
    },
    said: `${proven.length} of ${outcomes.length} repositories proven, ${sum(({ files }) => files)} files and ${sum(({ rows }) => rows)} rows compared`,
    result: undefined,
  };
}

function hasError(problems: readonly BackupProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

function busy(): GroupOutcome<void> {
  const finding = {
    id: "backup-busy",
    severity: "error",
    what: "another run proves or prunes backups at this moment",
    why: "a proof of what is being pruned proves nothing",
    fix: "wait until it has ended, then run the same command again",
  } as const;
  return { findings: [finding], measured: {}, said: "not begun", result: undefined };
}
