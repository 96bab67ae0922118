import { Fault } from "../core/fault.ts";
import type { GitRepository } from "./git-repository.ts";

/** One file that a change adds, removes or alters. */
export interface ChangedFile {
  readonly status: "added" | "removed" | "altered";
  /** Relative to the repository's top, with `/`; any bytes that git lets through. */
  readonly path: string;
}

/** What a pull request would make of its target branch. */
export interface ProposedMerge {
  /** Commits. */
  readonly base: string;
  readonly head: string;
  /** Tree of the target branch with the change merged into it. */
  readonly tree: string;
  /** Files that git cannot merge by itself; then there is no tree to look at. */
  readonly conflicts: readonly string[];
  /** Between the target branch and the merge. */
  readonly files: readonly ChangedFile[];
}

/**
 * Merges two commits as a pull request is merged, in git's objects alone: what the target branch got meanwhile is there,
 * and is nobody's change.
 */
export async function proposeMerge(
  repository: GitRepository,
  names: { readonly base: string; readonly head: string },
): Promise<ProposedMerge | Fault> {
  const base = await repository.commitOf(names.base);
  if (base instanceof Fault) return base;
  const head = await repository.commitOf(names.head);
  if (head instanceof Fault) return head;
  const merged = await mergedTree(repository, base, head);
  if (merged instanceof Fault) return merged;
  const { tree, conflicts } = merged;
  const files = conflicts.length > 0 ? [] : await changedFiles(repository, base, tree);
  return { base, head, tree, conflicts, files };
}

/** By `git merge-tree` (git 2.38): exit code 1 and the files' names where they clash. */
async function mergedTree(
  repository: GitRepository,
  base: string,
  head: string,
): Promise<Pick<ProposedMerge, "tree" | "conflicts"> | Fault> {
  const words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head];
  try {
    return { tree: listOf(await repository.bytes(words))[0]!, conflicts: [] };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: Buffer; stderr?: Buffer };
    const [tree, ...conflicts] = listOf(stdout ?? Buffer.alloc(0));
    if (code === 1 && tree !== undefined) return { tree, conflicts: [...new Set(conflicts)] };
    return new Fault(
      `git cannot merge the two: ${(stderr ?? "").toString().trim().split("\n")[0]}`,
      "fetch the whole history of both (git fetch --unshallow) with git 2.38 or newer",
    );
  }
}

async function changedFiles(
  repository: GitRepository,
  base: string,
  tree: string,
): Promise<readonly ChangedFile[]> {
  const words = ["diff-tree", "-r", "-z", "--no-renames", "--name-status", base, tree];
  const answer = listOf(await repository.bytes(words));
  const files: ChangedFile[] = [];
  for (let index = 0; index + 1 < answer.length; index += 2)
    files.push({ status: STATUS[answer[index]!] ?? "altered", path: answer[index + 1]! });
  return files;
}

const STATUS: Readonly<Record<string, ChangedFile["status"]>> = { A: "added", D: "removed" };

function listOf(answer: Buffer): readonly string[] {
  return answer
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
}
