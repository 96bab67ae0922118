import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** One file below the root of an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** A Debian package of these files, all of them root's; it appears whole. @throws Error of the system */
export function writeDebianPackage(file: string, files: readonly ArchivedFile[]): void {
  withFiles(path.dirname(file), files, (folder, draft) => {
    run("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", folder, draft]);
    renameSync(draft, file);
  });
}

/** A tar archive of these files that only its owner reads; it appears whole. @throws Error of the system */
export function writeSecretArchive(file: string, files: readonly ArchivedFile[]): void {
  withFiles(path.dirname(file), files, (folder, draft) => {
    // Made before tar opens it, so that it is never open to others.
    writeFileSync(draft, "", { mode: 0o600 });
    const owner = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name"];
    const names = [...new Set(files.map((each) => each.path.split("/")[0]!))];
    run("tar", ["--create", "--file", draft, "--directory", folder, ...owner, ...names]);
    renameSync(draft, file);
  });
}

/** Beside where the result goes: a rename crosses no disks, and nobody else looks into a folder of mode 0700. */
function withFiles(
  parent: string,
  files: readonly ArchivedFile[],
  work: (folder: string, draft: string) => void,
): void {
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(path.join(parent, ".simpul-package-"));
  try {
    const root = path.join(scratch, "root");
    mkdirSync(root, { mode: 0o755 });
    for (const each of files) {
      const at = path.join(root, each.path);
      mkdirSync(path.dirname(at), { recursive: true, mode: 0o755 });
      writeFileSync(at, each.text, { mode: each.mode });
      chmodSync(at, each.mode);
    }
    chmodSync(root, 0o755);
    work(root, path.join(scratch, "draft"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw Object.assign(new Error(`${program}: ${stderr.trim()}`), { syscall: program });
}
