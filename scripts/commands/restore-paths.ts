import { mkdir } from "node:fs/promises";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { EngineAnswer } from "../../modules/engine/docker-engine.ts";
import { companionOf } from "../../modules/engine/restic-snapshots.ts";
import { restoreFiles, type FileRestoreProblem } from "../../modules/engine/restore-files.ts";
import { judgeContents, readComparison } from "../../modules/verify/backup-contents.ts";
import type { BackupProblem } from "../../modules/verify/backup-problem.ts";
import { judgeTool } from "../../modules/verify/backup-tools.ts";
import { confirmed } from "./restore-confirm.ts";
import { journalOf } from "./restore-journal.ts";
import { containersOf, type RestoreAtHand, type RestoreEnd } from "./restore-at-hand.ts";
import { backUpFirst } from "./restore-safety.ts";
import { progressOf } from "./stack-command.ts";

/** A database server's files are of no single moment: its databases come back from their dumps. */
const CLUSTERS = "/srv/postgresql";

/** Files: asks, backs up what is there, restores beside it, compares, and lets both change places. */
export async function restorePaths(atHand: RestoreAtHand): Promise<RestoreEnd> {
  const { plan, engine, repository, source, target, options, output } = atHand;
  const paths = options.path === undefined ? onVolume(atHand) : [options.path];
  const journal = journalOf(atHand, { paths });
  const earlier = await journal.read();
  if (earlier !== undefined && "severity" in earlier) return { findings: [earlier] };
  const chosen = atHand.snapshots.find(({ id }) => id === earlier?.snapshot) ?? atHand.snapshot;
  const snapshot = earlier?.snapshot ?? chosen.id;
  const words = `${paths.join(", ")} of ${repository.name} as of ${chosen.time.slice(0, 16).replace("T", " ")} (snapshot ${snapshot.slice(0, 8)})`;
  if (!(await confirmed(output, options, target, `${words} would take the place of what is there`)))
    return { findings: [], restored: { restored: false } };
  const progress = progressOf(output, options.json);
  progress.begin("restore", 4);
  if (target.server === undefined) await mkdir(target.volume, { recursive: true, mode: 0o700 });
  const containers = target.server && containersOf(plan.name, target.server);
  // First of all: the backup of what is there will be the newest, and the same command means this one.
  if (earlier === undefined) await journal.write({ snapshot });
  const safety =
    earlier?.safety ??
    (await backUpFirst(engine, containers?.runner, (text) => progress.step(text)));
  if (typeof safety === "object") {
    if (earlier === undefined) await journal.remove();
    return { findings: [safety] };
  }
  await journal.write({ snapshot, safety });
  const began = performance.now();
  const end = await restoreFiles(engine, {
    ...{ repository: source.volume, password: source.password, image: source.image },
    ...{ purpose: source.purpose, memoryBytes: source.memoryBytes, snapshot, paths },
    companion: companionOf(atHand.snapshots, chosen)?.id,
    keepBack: keptBack(atHand, paths),
    target: target.volume,
    container: containers?.server,
    step: (text) => progress.step(text),
  });
  progress.end();
  if ("at" in end) {
    // Until paths change places there is nothing to go on with, and another restore may be what helps.
    if (end.at !== "placing") await journal.remove();
    return { findings: [problemOf(end, target.name)] };
  }
  const contents = readComparison(end.comparison);
  if (contents === undefined) return { findings: [notCompared(end.comparison)] };
  await journal.remove();
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (options.json !== true)
    output.line(
      `${contents.files} files are back in ${target.name}, as they were when they were backed up (${seconds} s)${safety === "" ? "" : `; what was there is snapshot ${safety.slice(0, 8)}`}.`,
    );
  const { files, bytes } = contents;
  return {
    findings: judgeContents(contents, snapshot.slice(0, 8)),
    restored: { restored: true, snapshot, safety, files, bytes, seconds },
  };
}

/** What lies over the image of a VPS comes back by a rebuild and its packages. */
function onVolume({ repository: { paths, host }, target }: RestoreAtHand): readonly string[] {
  if (host === "machine" || target.server === undefined) return paths;
  return paths.filter((path) => /^\/(?:srv|home)(?:\/|$)/.test(path));
}

function keptBack(
  { repository, target }: RestoreAtHand,
  paths: readonly string[],
): readonly string[] {
  const holds = paths.some((path) => CLUSTERS.startsWith(`${path}/`));
  return repository.databases.length > 0 && target.server !== undefined && holds ? [CLUSTERS] : [];
}

function problemOf({ at, answer }: FileRestoreProblem, target: string): Diagnostic {
  if (at === "restoring" && answer.code === 75) return noRoom(target);
  if (at === "refused") return throughLink(answer, target);
  const [tool] = at === "restoring" ? judgeTool("restic restore", answer) : [];
  return tool ?? unfinished(at, answer, target);
}

function noRoom(target: string): BackupProblem {
  return {
    id: "restore-no-room",
    severity: "error",
    what: `there is no room in ${target} for what is restored beside what is there`,
    why: "what is there is kept until what comes has been compared; nothing has changed places",
    fix: "give the server more disk in its file (simpul deploy grows it while it runs), or restore with --path or --to",
  };
}

function throughLink({ stderr }: EngineAnswer, target: string): BackupProblem {
  const link = /^link (.*)$/m.exec(stderr)?.[1] ?? "a folder on the way";
  return {
    id: "restore-through-link",
    severity: "error",
    what: `${link} in ${target} is a symbolic link, and the path leads through it`,
    why: "a link leads where its tenant wants, and a restore goes only where it was told",
    fix: "name the folder that the link leads to (--path), or remove the link",
  };
}

function unfinished(at: string, { code, stderr }: EngineAnswer, target: string): BackupProblem {
  return {
    id: "restore-unfinished",
    severity: "error",
    what: `restoring into ${target} stopped while ${at}: ${stderr.trim().split("\n").at(-1) ?? ""} (exit code ${code})`,
    why: "what was there is in the backup that was taken first, and below .simpul-restore on the same disk",
    fix: "run the same command again: it goes on where it stopped",
  };
}

function notCompared(said: string): BackupProblem {
  return {
    id: "backup-manifest-missing",
    severity: "error",
    what: `what was restored could not be compared: ${said.slice(0, 200)}`,
    why: "without the manifest nobody knows whether what was restored is what was there",
    fix: "restore from another snapshot (--at), or from the other site (--from drc)",
  };
}
