import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import { parseSlug } from "../core/slug.ts";
import { suggestion } from "./suggestion.ts";

/** Kinds with a folder of their own and one file per entry. */
export const FOLDER_KINDS = ["perangkat-daerah", "desa", "vps", "colocation"] as const;
export type FileKind =
  | "kabupaten"
  | "topology"
  | "lock"
  | "trust-anchors"
  | (typeof FOLDER_KINDS)[number];

export interface FoundFile {
  readonly kind: FileKind;
  /** Relative to the kabupaten's folder, with `/`. */
  readonly path: string;
  /** The file's name without `.yaml`: the slug of what it describes. */
  readonly stem: string;
}

const FIXED_FILES: Readonly<Record<string, FileKind>> = {
  "kabupaten.yaml": "kabupaten",
  "wan/topology.yaml": "topology",
  "ip-plan.lock.yaml": "lock",
  "dns/trust-anchors.yaml": "trust-anchors",
};
const REQUIRED_FILES = ["kabupaten.yaml", "wan/topology.yaml"];
const FOLDERS: readonly string[] = ["wan", "dns", ...FOLDER_KINDS];

/** What other commands keep beside the inventory, and no part of it. */
const BESIDE: readonly string[] = ["escrow"];

/** First phase: which files there are, and that each is where and what it should be. */
export function findFiles(folder: string): { files: FoundFile[]; findings: Diagnostic[] } {
  const files: FoundFile[] = [];
  const findings: Diagnostic[] = [];
  for (const entry of entriesOf(folder) ?? []) {
    if (entry.isDirectory() && BESIDE.includes(entry.name)) continue;
    if (!entry.isDirectory() || !FOLDERS.includes(entry.name)) {
      take(entry.name, entry);
      continue;
    }
    const inside = entriesOf(join(folder, entry.name));
    if (inside === undefined) findings.push(unlistable(entry.name));
    else for (const inner of inside) take(`${entry.name}/${inner.name}`, inner);
  }
  function take(path: string, entry: Dirent): void {
    const found = foundFile(path, entry);
    if ("id" in found) findings.push(found);
    else files.push(found);
  }
  for (const path of REQUIRED_FILES)
    if (!files.some((file) => file.path === path) && !findings.some(({ at }) => at?.file === path))
      findings.push(missing(path));
  return { files, findings };
}

/** Without what editors and git leave behind, and without pages for people; undefined when it may not be read. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(
      ({ name }) => !name.startsWith(".") && !name.endsWith("~") && !name.endsWith(".md"),
    );
  } catch {
    return undefined;
  }
}

function foundFile(path: string, entry: Dirent): FoundFile | Diagnostic {
  if (entry.isSymbolicLink())
    return refused(
      path,
      "symbolic-link",
      "is a symbolic link",
      "a link can lead out of the repository, past review",
      "copy the file here instead",
    );
  if (entry.isDirectory())
    return refused(
      path,
      "unknown-folder",
      "is a folder that the inventory does not know",
      "what is in it would be ignored without a word",
      suggestion(path, FOLDERS),
    );
  if (!entry.isFile())
    return refused(
      path,
      "unknown-file",
      "is neither a file nor a folder",
      "only plain files can be read and reviewed",
      "remove it",
    );
  const fixed = FIXED_FILES[path];
  if (fixed !== undefined) return { kind: fixed, path, stem: path.replace(/\.yaml$/, "") };
  const kind = FOLDER_KINDS.find((name) => path.startsWith(`${name}/`));
  if (kind === undefined)
    return refused(
      path,
      "unknown-file",
      "is a file that the inventory does not know",
      "what is in it would be ignored without a word",
      suggestion(path, Object.keys(FIXED_FILES)),
    );
  if (!path.endsWith(".yaml"))
    return refused(
      path,
      "unknown-file",
      "does not end in .yaml",
      "what is in it would be ignored without a word",
      `rename it to ${path.replace(/\.ya?ml$|\.json$/i, "")}.yaml`,
    );
  const stem = parseSlug(entry.name.slice(0, -".yaml".length));
  if (stem instanceof Fault)
    return refused(
      path,
      "file-name",
      "has a name that is not a slug",
      "a file's name becomes part of host names, labels and paths",
      stem.fix,
    );
  return { kind, path, stem };
}

function refused(
  path: string,
  id: string,
  predicate: string,
  why: string,
  fix: string,
): Diagnostic {
  const shown = printable(path);
  return {
    id,
    severity: "error",
    at: { file: shown, line: 1, column: 1 },
    what: `${shown} ${predicate}`,
    why,
    fix,
  };
}

function unlistable(path: string): Diagnostic {
  return refused(
    path,
    "file-unreadable",
    "is a folder that cannot be read",
    "permissions or the disk stand in the way",
    `chmod u+rx ${path}`,
  );
}

function missing(path: string): Diagnostic {
  return refused(
    path,
    "file-missing",
    "is missing",
    "every kabupaten needs it",
    "write it, or begin with npx simpul init CODE",
  );
}

/** File names may hold anything but `/`, and a terminal obeys control characters. */
function printable(path: string): string {
  return path.replaceAll(/[^\x20-\x7e]/g, "?");
}
