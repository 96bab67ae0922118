import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import type { GitRepository } from "./git-repository.ts";

/** A whole country's inventory has fewer; whoever sends more means harm. */
const MOST_FILES = 50_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Writes one kabupaten's files at a commit, or a tree, into an empty folder, with what its inventory looks at beside them:
 * regulations, and the other kabupaten's own pages. Only plain files are written, only below the folder, and byte for
 * byte: no filter or link of the repository comes into play. What is no plain file is said.
 */
export async function writeFilesAt(
  repository: GitRepository,
  tree: string,
  kabupaten: string,
  into: string,
): Promise<readonly Diagnostic[] | Fault> {
  const found = await filesAt(repository, tree);
  const wanted = found.filter(({ path }) => isNeeded(path, kabupaten));
  const plain = wanted.filter(isPlain);
  const size = plain.reduce((sum, { bytes }) => sum + bytes, 0);
  if (plain.length > MOST_FILES || size > MOST_BYTES)
    return new Fault(
      `"${tree}" is an inventory of ${plain.length} files and ${size} bytes`,
      `keep it under ${MOST_FILES} files and ${MOST_BYTES} bytes`,
    );
  const contents = await contentsOf(repository, plain);
  mkdirSync(into, { recursive: true });
  const unwritten = plain.filter(({ path }, index) => !write(join(into, path), contents[index]!));
  return [...wanted.filter((entry) => !isPlain(entry)), ...unwritten].map(({ path }) =>
    notPlain(path.startsWith(`${kabupaten}/`) ? path.slice(kabupaten.length + 1) : `../${path}`),
  );
}

/** Fails where a tree made by hand has one name twice, for a file and a folder. */
function write(file: string, content: Buffer): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (["EEXIST", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return false;
    throw error;
  }
}

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly bytes: number;
  /** Relative to the inventory's folder. */
  readonly path: string;
}

async function filesAt(repository: GitRepository, tree: string): Promise<readonly TreeEntry[]> {
  const { folder } = repository;
  const scope = folder === "" ? [] : ["--", folder];
  const words = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--long", "--full-tree", tree];
  const answer = (await repository.bytes([...words, ...scope])).toString("utf8");
  return answer.split("\0").flatMap((line) => {
    const form = /^(\d{6}) \S+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
    if (form === null || !form[4]!.startsWith(folder)) return [];
    const [, mode = "", object = "", bytes = "0", path = ""] = form;
    return [{ mode, object, bytes: Number(bytes) || 0, path: path.slice(folder.length) }];
  });
}

function isNeeded(path: string, kabupaten: string): boolean {
  return (
    path.startsWith(`${kabupaten}/`) ||
    /^[^/]+\/kabupaten\.yaml$/.test(path) ||
    /^regulations\/[^/]+$/.test(path)
  );
}

/** A tree can be made by hand, with names that git itself would never write. */
function isPlain({ mode, path }: TreeEntry): boolean {
  const steps = path.split("/");
  return (
    (mode === "100644" || mode === "100755") &&
    steps.every((step) => step !== "" && step !== "." && step !== ".." && step.length < 200) &&
    !path.includes("\uFFFD")
  );
}

/** By `git cat-file --batch`: `OBJECT blob BYTES`, a line break, the bytes, a line break. */
async function contentsOf(
  repository: GitRepository,
  entries: readonly TreeEntry[],
): Promise<readonly Buffer[]> {
  const questions = entries.map(({ object }) => `${object}\n`).join("");
  const answer = await repository.bytes(["cat-file", "--batch"], questions);
  let offset = 0;
  return entries.map(({ bytes }) => {
    const start = answer.indexOf("\n", offset) + 1;
    offset = start + bytes + 1;
    return answer.subarray(start, start + bytes);
  });
}

function notPlain(path: string): Diagnostic {
  const shown = path.replaceAll(/[^\x20-\x7e]/g, "?");
  return {
    id: "pr-not-a-file",
    severity: "error",
    at: { file: shown, line: 1, column: 1 },
    what: `${shown} is a link, a submodule or a name that cannot be written`,
    why: "it can lead out of the repository, past review",
    fix: "commit a plain file instead",
  };
}
