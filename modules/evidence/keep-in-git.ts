import { mkdir, realpath } from "node:fs/promises";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { localEngine, type EngineAnswer } from "../engine/docker-engine.ts";
import { holdFile } from "../engine/file-lock.ts";
import type { Ledger } from "./ledger.ts";

/** What git keeps of a ledger now. */
export interface KeptInGit {
  /** Full id of the commit that holds it as it stands. */
  readonly commit: string;
  /** It is new. */
  readonly isNew: boolean;
  /** It is at the remote `origin`, too; absent where there is none. */
  readonly pushed?: true;
}

const PATIENCE_SECONDS = 60;
const REMOTE = "origin";

/**
 * Commits a ledger in the repository of its folder of ledgers, which is made where that folder is in none of its own, and
 * pushes where it has a remote. What others pushed meanwhile is merged: each writer has files of its own.
 * @param domain of the kabupaten, for the committer's address
 */
export async function keepInGit(
  { kabupaten, folder, secrets }: Ledger,
  domain: string,
): Promise<KeptInGit | Fault> {
  const root = path.dirname(folder);
  await mkdir(path.join(secrets, "evidence"), { recursive: true, mode: 0o700 });
  const lock = path.join(secrets, "evidence", "lock");
  // Nobody writes a line meanwhile.
  const release = await holdFile(lock, PATIENCE_SECONDS);
  if (release === undefined) return new Fault(`another process holds ${lock}`, AGAIN);
  try {
    const git = gitIn(root, domain);
    const committed = await commit(git, root, kabupaten);
    if (committed instanceof Fault) return committed;
    const remotes = await git("remote");
    if (!remotes.stdout.split("\n").includes(REMOTE)) return committed;
    return await push(git, committed);
  } finally {
    await release();
  }
}

type Git = (...words: readonly string[]) => Promise<EngineAnswer>;

const AGAIN = "see what git says there, mend it, then run simpul evidence commit again";

/** Without hooks and signatures of whoever set up this machine, and never asking. */
function gitIn(root: string, domain: string): Git {
  const engine = localEngine({ ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" });
  const settings = [
    ...["user.name=simpul", `user.email=simpul@${domain}`, "commit.gpgsign=false"],
    ...["core.hooksPath=/dev/null", "core.autocrlf=false", "core.fsync=committed,reference"],
  ];
  const options = settings.flatMap((setting) => ["-c", setting]);
  return (...words) => engine.run(["git", "-C", root, ...options, ...words]);
}

async function commit(git: Git, root: string, kabupaten: string): Promise<KeptInGit | Fault> {
  const top = await git("rev-parse", "--show-toplevel");
  const isOwn = top.code === 0 && (await realpath(top.stdout.trim())) === (await realpath(root));
  if (!isOwn) {
    const made = await git("init", "--quiet", "--initial-branch", "evidence");
    if (made.code !== 0) return said("init", made);
  }
  // What a process that was killed was about to put in its place is no part of it.
  const added = await git("add", "--all", "--", kabupaten, ":(exclude)*.new");
  if (added.code !== 0) return said("add", added);
  const changed = await git("diff", "--cached", "--quiet", "--", kabupaten);
  if (changed.code > 1) return said("diff", changed);
  if (changed.code === 1) {
    const message = `evidence of ${kabupaten}`;
    const done = await git("commit", "--quiet", "--message", message, "--", kabupaten);
    if (done.code !== 0) return said("commit", done);
  }
  const head = await git("rev-parse", "--verify", "--quiet", "HEAD");
  return head.code === 0
    ? { commit: head.stdout.trim(), isNew: changed.code === 1 }
    : said("rev-parse", head);
}

async function push(git: Git, kept: KeptInGit): Promise<KeptInGit | Fault> {
  const branch = await git("symbolic-ref", "--short", "HEAD");
  if (branch.code !== 0) return said("symbolic-ref", branch);
  const name = branch.stdout.trim();
  let done = await git("push", "--quiet", REMOTE, `HEAD:refs/heads/${name}`);
  if (done.code !== 0 && /rejected|fetch first/.test(done.stderr)) {
    const merged = await git("pull", "--quiet", "--no-rebase", "--no-edit", REMOTE, name);
    if (merged.code !== 0) {
      await git("merge", "--abort");
      return said("pull", merged);
    }
    done = await git("push", "--quiet", REMOTE, `HEAD:refs/heads/${name}`);
  }
  if (done.code !== 0) return said("push", done);
  const head = await git("rev-parse", "HEAD");
  return { ...kept, commit: head.stdout.trim(), pushed: true };
}

function said(step: string, { code, stderr, stdout }: EngineAnswer): Fault {
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(0, 2).join(" ");
  return new Fault(`git ${step}: ${words || `exit code ${code}`}`, AGAIN);
}
