import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { CalendarDate } from "../../modules/core/calendar-date.ts";
import { hasErrors, type Diagnostic } from "../../modules/core/diagnostic.ts";
import { Fault } from "../../modules/core/fault.ts";
import { writeFilesAt } from "../../modules/inventory/git-files.ts";
import { proposeMerge, type ProposedMerge } from "../../modules/inventory/git-merge.ts";
import { GitRepository } from "../../modules/inventory/git-repository.ts";
import {
  describePullRequest,
  type PullRequest,
  type Side,
} from "../../modules/report/pull-request.ts";
import { changeFindings, conflict, uncommitted } from "../../modules/report/change-findings.ts";
import { prepare } from "../../stacks/prepare.ts";
import type { CommonOptions } from "../output.ts";
import { dayOf } from "./today.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** The two commits, and whose inventory. */
interface PullRequestOptions extends CommonOptions {
  readonly base: string;
  readonly head: string;
}

/** Reads both sides of a pull request out of git and compares them; what cannot be read for wrong words is said. */
export async function readPullRequest(
  options: PullRequestOptions,
): Promise<PullRequest | Diagnostic> {
  const scratch = await mkdtemp(path.join(tmpdir(), "simpul-pr-"));
  try {
    const read = await readSides(options, scratch);
    return read instanceof Fault ? wrongArgument(read.what, read.fix) : read;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Which kabupaten, on which day. */
interface SideOptions {
  readonly kabupaten: string;
  readonly today: CalendarDate;
}

async function readSides(
  options: PullRequestOptions,
  scratch: string,
): Promise<PullRequest | Fault> {
  const { inventory, kabupaten, base, head } = options;
  const side = { kabupaten, today: dayOf(options) };
  const own = await GitRepository.at(inventory);
  if (own instanceof Fault) return own;
  const objects = path.join(scratch, "objects");
  await mkdir(objects);
  const repository = await own.makingObjectsIn(objects);
  const merge = await proposeMerge(repository, { base, head });
  if (merge instanceof Fault) return merge;
  const folder = `${repository.folder}${kabupaten}/`;
  const before = await sideAt(repository, merge.base, side, path.join(scratch, "before"));
  if (before instanceof Fault) return before;
  const after = await sideAfter(repository, merge, side, path.join(scratch, "after"));
  if (after instanceof Fault) return after;
  if (merge.conflicts.length === 0 && after.inventory === undefined && after.findings.length === 0)
    return new Fault(
      `"${kabupaten}" is no kabupaten in ${head}`,
      "name one with --kabupaten, and the inventory's folder with --inventory",
    );
  const about =
    merge.conflicts.length > 0
      ? merge.conflicts.map(conflict)
      : changeFindings(folder, repository.folder, merge.files);
  const isDirty = head === "HEAD" && (await own.hasUncommitted());
  const findings = isDirty ? [...about, uncommitted()] : about;
  return describePullRequest({ kabupaten, folder, files: merge.files, before, after, findings });
}

/** What clashes cannot be read: the conflict is all that there is to say. */
function sideAfter(
  repository: GitRepository,
  { conflicts, tree }: ProposedMerge,
  options: SideOptions,
  into: string,
): Promise<Side | Fault> {
  if (conflicts.length > 0) return Promise.resolve({ findings: [] });
  return sideAt(repository, tree, options, into);
}

async function sideAt(
  repository: GitRepository,
  tree: string,
  { kabupaten, today }: SideOptions,
  into: string,
): Promise<Side | Fault> {
  const refused = await writeFilesAt(repository, tree, kabupaten, into);
  if (refused instanceof Fault) return refused;
  if (hasErrors(refused)) return { findings: refused };
  const { unreadable, ...side } = await prepare({ inventory: into, kabupaten, today });
  return unreadable === true ? { findings: [] } : side;
}
