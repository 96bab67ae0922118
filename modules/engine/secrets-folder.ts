import { spawnSync } from "node:child_process";
import { lstat } from "node:fs/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import { HOST_VOLUME_ROOT } from "./host-volume.ts";

/** Where folders of secrets lie on an engine's host; containers mount a folder of one, read-only. */
export const SECRETS_ROOT = `${HOST_VOLUME_ROOT}/secrets`;

const NAME = /^[a-z0-9][a-z0-9-]{0,127}$/;

/**
 * Brings a local folder of secrets to the engine's host, as `/var/lib/simpul/secrets/<name>`: for roles of which each
 * container has a folder of its own in it. They travel through standard input. Each file is replaced whole, in folders
 * that stay, so that a container that mounts one sees the new file; what is gone here goes there.
 * @param owner of the folder called `server` and all in it, as a number; root's is all else
 * @returns how many files are in place, or what is wrong with the folder
 */
export async function placeSecrets(
  engine: Engine,
  name: string,
  from: string,
  owner: number,
  root = SECRETS_ROOT,
): Promise<number | Diagnostic> {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot name a folder of secrets`);
  const status = await lstat(from).catch(() => undefined);
  if (status === undefined || !status.isDirectory() || (status.mode & 0o077) !== 0)
    return refused(from);
  const tar = spawnSync("tar", ["--create", "--directory", from, "--sort=name", "."]);
  if (tar.status !== 0) return refused(from);
  const argv = ["sh", "-euc", PLACE, "place-secrets", `${root}/${name}`, String(owner)];
  return Number(await answerOf(engine, argv, tar.stdout));
}

// Out of the archive come plain files and folders only; their names are slugs. A file is moved over the one before, folders
// stay, and what is on no list goes.
const PLACE = `
folder=$1 owner=$2
umask 077
rm -rf "$folder.new"
mkdir -p "$folder" "$folder.new"
cd "$folder.new"
tar --extract --no-same-owner
find . ! -type f ! -type d -delete
find . -type f >"$folder.files"
find . -type d >"$folder.folders"
while read -r each; do mkdir -p "$folder/$each"; done <"$folder.folders"
[ ! -d server ] || chown -R "$owner:$owner" server "$folder/server"
while read -r each; do mv -fT "$each" "$folder/$each"; done <"$folder.files"
cd "$folder"
find . -depth | grep -vxF -f "$folder.files" -f "$folder.folders" | while read -r each; do rm -rf "$each"; done
wc -l <"$folder.files"
rm -rf "$folder.new" "$folder.files" "$folder.folders"
`;

function refused(folder: string): Diagnostic {
  return {
    id: "secrets-refused",
    severity: "error",
    what: `${folder} is no folder that its owner alone can read`,
    why: "a secret goes only from where nobody else reads it to the host of the role that needs it",
    fix: `run simpul deploy, which makes the secrets; where the folder is there: chmod -R go= ${folder}`,
  };
}
