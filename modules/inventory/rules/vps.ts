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
  return [...vanished, ...vps.flatMap(checkOne)];
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

/** Indexes of the values that stood before. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
