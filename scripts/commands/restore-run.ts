import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";

import { Fault } from "../../modules/core/fault.ts";
import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { holdFile } from "../../modules/engine/file-lock.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { OpenRepository, type RepositorySource } from "../../modules/engine/restic-repository.ts";
import { backupsOf } from "../../modules/engine/restic-snapshots.ts";
import { sweepScratch } from "../../modules/engine/scratch-container.ts";
import type { RepositoryPlan } from "../../modules/plan/backup-plan.ts";
import { judgeTool } from "../../modules/verify/backup-tools.ts";
import { chooseSnapshot } from "../../modules/verify/choose-snapshot.ts";
import { repositoryPassword } from "../../stacks/backup-passwords.ts";
import { LOCAL, ROOT } from "../../stacks/prepare.ts";
import { EXIT, type Output } from "../output.ts";
import {
  slugOf,
  type RestoreAtHand,
  type RestoreEnd,
  type RestoreOptions,
  type RestoreTarget,
} from "./restore-at-hand.ts";
import { readyForVps } from "./vps-command.ts";
import { wrongArgument } from "./wrong-argument.ts";
import { nearest } from "../../modules/inventory/suggestion.ts";
import type { Prepared } from "../project.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";

const MEMORY_BYTES = 750 * 2 ** 20;

/**
 * Understands the words, finds the snapshot, asks, and restores; nobody else restores into the same target meanwhile.
 * @returns undefined after having said what the machine or the inventory lacks
 */
export async function restore(
  output: Output,
  vps: string,
  options: RestoreOptions,
  work: (atHand: RestoreAtHand) => Promise<RestoreEnd>,
): Promise<RestoreEnd | undefined> {
  const ready = await readyForVps(output, "restore", options);
  if (ready === undefined) return undefined;
  const { plan, engine } = ready;
  const repository = findRepository(plan.backup?.repositories ?? [], vps, plan.title);
  if ("severity" in repository) return { findings: [repository], exitCode: EXIT.usage };
  const wrong = wrongPath(options.path);
  if (wrong !== undefined) return { findings: [wrong], exitCode: EXIT.usage };
  const target = await findTarget(ready, repository, options);
  if ("severity" in target) return { findings: [target], exitCode: EXIT.usage };
  const source = sourceOf(plan.name, repository, target, options);
  if ("severity" in source) return { findings: [source], exitCode: exitCodeOf(source) };
  const folder = path.join(LOCAL, "backup", options.kabupaten, "restores");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await holdFile(path.join(folder, `${slugOf(target)}.lock`));
  if (release === undefined) return { findings: [busy(target)] };
  try {
    await sweepScratch(engine, source.purpose);
    const found = await findSnapshot(engine, source, options, ready.inventory.kabupaten.timezone);
    if (!("snapshot" in found)) return found;
    const atHand = { ...ready, repository, source, target, options, output, folder, ...found };
    return await work(atHand);
  } finally {
    await sweepScratch(engine, source.purpose);
    await release();
  }
}

function findRepository(
  repositories: readonly RepositoryPlan[],
  asked: string,
  title: string,
): RepositoryPlan | Diagnostic {
  const found = repositories.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const meant = nearest(
    asked,
    repositories.map(({ name }) => name),
  );
  return wrongArgument(
    `no server "${asked}" of ${title} is backed up`,
    meant === undefined ? "name it by its file" : `write ${meant}`,
  );
}

function wrongPath(asked: string | undefined): Diagnostic | undefined {
  if (asked === undefined) return undefined;
  const steps = asked.split("/").slice(1);
  const isPlain =
    asked.startsWith("/") && steps.every((step) => step !== "" && step !== "." && step !== "..");
  // eslint-disable-next-line no-control-regex
  if (isPlain && !/[\u0000-\u001F]/.test(asked)) return undefined;
  return wrongArgument(
    `"${asked}" is no absolute path without . and .. steps`,
    "write it as the server sees it: --path /srv/www",
  );
}

async function findTarget(
  { plan }: Prepared,
  repository: RepositoryPlan,
  { to }: RestoreOptions,
): Promise<RestoreTarget | Diagnostic> {
  if (to?.includes("/") === true) return folderTarget(path.resolve(to));
  const name = to ?? repository.name;
  const server = plan.backup?.repositories.find((one) => one.name === name);
  if (server?.runner === undefined)
    return wrongArgument(
      `there is no server "${name}" on an engine to restore into`,
      "name a VPS of the inventory, or a folder with a / in it: --to ./restored",
    );
  if (server.owner !== repository.owner)
    return wrongArgument(
      `${name} belongs to ${server.owner}, and what is restored to ${repository.owner}`,
      "restore into a server of the same agency, or into a folder: --to ./restored",
    );
  return { name, volume: server.runner.source, server };
}

/** A new folder, an empty one, or one that an earlier run of the same restore began. */
async function folderTarget(folder: string): Promise<RestoreTarget | Diagnostic> {
  const entries = await readdir(folder).catch(notThere);
  if (entries.length === 0 || entries.includes(".simpul-restore"))
    return { name: folder, volume: folder };
  return wrongArgument(
    `${folder} is not empty`,
    "name a folder that is empty or not there: nothing that is in it is to be mixed up with what comes",
  );
}

function notThere(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code !== "ENOENT") throw error;
  return [];
}

function sourceOf(
  kabupaten: string,
  { name, volumes }: RepositoryPlan,
  target: RestoreTarget,
  { from }: RestoreOptions,
): RepositorySource | Diagnostic {
  const volume = volumes[from]?.name;
  if (volume === undefined)
    return wrongArgument("there is no backup server at the DRC", "leave --from away");
  const secrets = path.join(LOCAL, "secrets", kabupaten);
  const password = repositoryPassword(secrets, name, from);
  const images = readRoleImages(ROOT);
  if (password === undefined)
    return {
      id: "backup-key-missing",
      severity: "error",
      what: `the key of the backups of ${name} is not on this machine`,
      why: "without its key nothing of it can be read",
      fix: "run this where the kabupaten is deployed from, or bring the key back from a custodian's escrow copy",
    };
  if (images instanceof Fault)
    return {
      id: "images-missing",
      severity: "error",
      what: images.what,
      why: "backups are restored in a container of their own image",
      fix: images.fix,
    };
  const slug = `${kabupaten}-restore-${slugOf(target)}`;
  const purpose = `${kabupaten}/restore/${slugOf(target)}`;
  return {
    slug,
    purpose,
    volume,
    password,
    image: images["backup-proof"].id,
    memoryBytes: MEMORY_BYTES,
  };
}

async function findSnapshot(
  engine: Engine,
  source: RepositorySource,
  { at, path: asked, database }: RestoreOptions,
  timezone: string,
): Promise<Pick<RestoreAtHand, "snapshot" | "snapshots"> | RestoreEnd> {
  const repository = await OpenRepository.open(engine, source);
  try {
    const snapshots = await repository.snapshots();
    if ("code" in snapshots) return { findings: judgeTool("restic snapshots", snapshots) };
    const snapshot = chooseSnapshot(backupsOf(snapshots), at, timezone);
    if (snapshot instanceof Fault) return refused(snapshot.what, snapshot.fix);
    if (asked === undefined || database !== undefined) return { snapshot, snapshots };
    const holds = await repository.holds(snapshot.id, `/backup/files${asked}`);
    if (typeof holds === "object") return { findings: judgeTool("restic ls", holds) };
    if (holds) return { snapshot, snapshots };
    return refused(
      `snapshot ${snapshot.id.slice(0, 8)} holds no ${asked} of the server's disk`,
      "name a path that was backed up (paths: in the server's file), or another time (--at)",
    );
  } finally {
    await repository.close();
  }
}

function refused(what: string, fix: string): RestoreEnd {
  return { findings: [wrongArgument(what, fix)], exitCode: EXIT.usage };
}

function exitCodeOf({ id }: Diagnostic): number {
  if (id === "images-missing") return EXIT.environment;
  return id === "backup-key-missing" ? EXIT.findings : EXIT.usage;
}

function busy({ name }: RestoreTarget): Diagnostic {
  return {
    id: "backup-busy",
    severity: "error",
    what: `another run restores into ${name} at this moment`,
    why: "two restores into one server would undo each other's work",
    fix: "wait until it has ended, then run the same command again",
  };
}
