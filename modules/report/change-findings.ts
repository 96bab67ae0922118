import type { Diagnostic } from "../core/diagnostic.ts";
import type { ChangedFile } from "../inventory/git-merge.ts";
import { LOCK_FILE } from "../inventory/lock-file.ts";

/** Files that carry more than a request: warnings, for the Dinas may well mean it. */
export function changeFindings(
  folder: string,
  inventory: string,
  files: readonly ChangedFile[],
): readonly Diagnostic[] {
  const paths = files.map(({ path }) => path);
  const others = paths.flatMap((path) => {
    const name = path.startsWith(inventory) && path.slice(inventory.length).split("/", 2);
    return name && name.length === 2 && !path.startsWith(folder) ? [name[0]!] : [];
  });
  return [
    ...(paths.includes(`${folder}${LOCK_FILE}`) ? [carriesLock()] : []),
    ...[...new Set(others)].filter((name) => name !== "regulations").map(touchesOther),
  ];
}

/** A file that git cannot merge. */
export function conflict(path: string): Diagnostic {
  return {
    id: "pr-conflict",
    severity: "error",
    what: `${path} was changed on both sides, and git cannot merge it`,
    why: "what a merge would make of it is not known, so nothing of it was checked",
    fix: "merge the target branch into yours, settle the file, and push again",
  };
}

/** What is in the checkout and in no commit. */
export function uncommitted(): Diagnostic {
  return {
    id: "pr-uncommitted",
    severity: "warning",
    what: "the inventory here has changes that are not committed",
    why: "a pull request carries commits alone, so these were not looked at",
    fix: "commit them, and run it again",
  };
}

function carriesLock(): Diagnostic {
  return {
    id: "pr-carries-lock",
    severity: "warning",
    at: { file: LOCK_FILE, line: 1, column: 1 },
    what: "the change carries the lock",
    why: "the merge job writes it: two requests that both bring lines stand in each other's way",
    fix: "leave the lock as the target branch has it (git checkout main -- FILE)",
  };
}

function touchesOther(name: string): Diagnostic {
  return {
    id: "pr-other-kabupaten",
    severity: "warning",
    what: `the change touches ${JSON.stringify(name)} too, which was not looked at here`,
    why: "one run reads one kabupaten",
    fix: `run simpul pr with --kabupaten for that one as well`,
  };
}
