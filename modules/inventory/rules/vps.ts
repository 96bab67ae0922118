import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { Entry, InventoryFiles } from "../inventory-files.ts";
import type { VpsFile } from "../schema/vps.ts";

/** What the fields of one VPS owe each other, and that none vanishes. */
export function checkVps({ vps, lock }: InventoryFiles): Diagnostic[] {
  const names = new Set(vps.map(({ name }) => name));
  const vanished = [...lock.entries].flatMap(([key, { at }]) => {
    const name = /^vps\/(?:.*\/)?([^/]+)$/.exec(key)?.[1];
    return name === undefined || names.has(name)
      ? []
      : [
          errorAt(
            at,
            "vps-removed",
            `there is no file vps/${name}.yaml, and the lock knows the server`,
            "a removed file would destroy the server and its data without anybody deciding it",
            "restore the file and write state: archived",
          ),
        ];
  });
  return [...vanished, ...vps.flatMap((entry) => [...checkOne(entry), ...checkEnd(entry)])];
}

function checkOne({ file, source }: Entry<VpsFile>): Diagnostic[] {
  const { daily, weekly, monthly } = file.backup.keep;
  return [
    ...repeated(file.ssh_keys.map(({ base64 }) => base64)).map((index) =>
      errorAt(
        source.at("ssh_keys", index),
        "ssh-key-twice",
        "the same key stands twice",
        "removing one of the two would not lock its owner out",
        "remove it",
      ),
    ),
    ...repeated(file.packages).map((index) =>
      errorAt(
        source.at("packages", index),
        "package-twice",
        `${file.packages[index]} stands twice`,
        "a package is installed once",
        "remove it",
      ),
    ),
    ...repeated(file.backup.paths).map((index) =>
      errorAt(
        source.at("backup", "paths", index),
        "path-twice",
        `${file.backup.paths[index]} stands twice`,
        "it would be backed up twice",
        "remove it",
      ),
    ),
    ...(daily + weekly + monthly > 0
      ? []
      : [
          errorAt(
            source.at("backup", "keep"),
            "backup-keeps-nothing",
            "no backup is kept",
            "the duty is to be able to recover",
            "keep at least one: { daily: 14 }",
          ),
        ]),
  ];
}

/** A server leaves when its data is proven to be safe, or given up by its owner (ADR-0024). */
function checkEnd({ name, file, source }: Entry<VpsFile>): Diagnostic[] {
  const { state, final_backup: proof, without_backup: waiver } = file;
  if (proof !== undefined && waiver !== undefined)
    return [
      errorAt(
        source.atKey("without_backup"),
        "final-backup-contradicts",
        "final_backup and without_backup both stand here",
        "its data is either kept or given up",
        "remove one of the two",
      ),
    ];
  if (waiver !== undefined && state !== "archived")
    return [
      errorAt(
        source.atKey("without_backup"),
        "final-backup-contradicts",
        `without_backup is written for a server whose state is ${state}`,
        "it gives up the data of a server that goes, and this one stays",
        "remove it, or write state: archived",
      ),
    ];
  if (state !== "archived" || proof !== undefined || waiver !== undefined) return [];
  return [
    {
      id: "final-backup-missing",
      severity: "warning",
      at: source.at("state"),
      what: `${name} is archived without a proven final backup: it is stopped, and its data and addresses are kept`,
      why: "what is removed cannot be read again; the duty to keep backups does not end with the server",
      fix: "write final_backup: { snapshot: ..., date: ..., sha256: ... }, or without_backup: with the owner's decision to give the data up",
    },
  ];
}

/** Indexes of the values that stood before. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
