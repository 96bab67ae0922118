import { spawn } from "node:child_process";

import type { SiteName } from "../inventory/site-model.ts";
import { LABEL } from "../plan/engine-names.ts";
import type { EngineAnswer } from "./docker-engine.ts";

/** A repository as the Dinas has it: its volume itself, which the append-only server shows to nobody. */
export interface KeptRepository {
  readonly kabupaten: string;
  /** The server's slug. */
  readonly name: string;
  readonly site: SiteName;
  /** Docker's name. */
  readonly volume: string;
  readonly password: string;
}

export interface Keeper {
  /** Environment of docker. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Id of an image with restic. */
  readonly image: string;
}

/** Locks of restic's name it, so that those of a keeper that was killed are known again. */
const HOSTNAME = "simpul-keeper";

/** Of the backup server, whose files they are. */
const OWNER = "34:34";

/** Reads a repository without a lock. */
export function readRepository(
  keeper: Keeper,
  repository: KeptRepository,
  words: readonly string[],
): Promise<EngineAnswer> {
  return inContainer(keeper, repository, OWNER, "ro", [
    "restic",
    "--no-lock",
    "--no-cache",
    ...words,
  ]);
}

/**
 * Takes snapshots away, then what no other needs of their data. Killed at any moment, restic leaves a repository that is
 * whole, and the same call does what is left. Only for who holds the kabupaten's backups.
 * @param ids of snapshots that are there; none: the rest of a pruning that was broken off
 */
export async function pruneRepository(
  keeper: Keeper,
  repository: KeptRepository,
  ids: readonly string[],
): Promise<EngineAnswer> {
  const words = ["sh", "-euc", PRUNE, "prune", ...ids];
  const answer = await inContainer(keeper, repository, OWNER, "rw", words);
  if (answer.code === 0 || !/no space left/i.test(`${answer.stdout}${answer.stderr}`))
    return answer;
  // A part of the disk is root's alone, for this: to write a smaller pack before the larger one goes.
  return inContainer(keeper, repository, "0:0", "rw", words);
}

// Locks of a keeper that was killed: nobody else has this name, and whoever holds the backups is alone.
const PRUNE = `
for lock in /repository/locks/*; do
  [ -e "$lock" ] || continue
  if restic --no-lock --no-cache cat lock "\${lock##*/}" 2>/dev/null | grep -q '"hostname": *"${HOSTNAME}"'; then rm -f "$lock"; fi
done
if [ "$#" -gt 0 ]; then restic --no-cache forget "$@"; fi
restic --no-cache prune
if [ "$(id -u)" -eq 0 ]; then chown -R ${OWNER} /repository; fi
`;

/** One at a time for each repository: what a killed simpul left running is ended first. */
async function inContainer(
  keeper: Keeper,
  { kabupaten, name, site, volume, password }: KeptRepository,
  user: string,
  mode: "ro" | "rw",
  words: readonly string[],
): Promise<EngineAnswer> {
  const container = `simpul-keeper-${kabupaten}-${name}-${site}`;
  await docker(keeper, ["rm", "--force", container]);
  return docker(
    keeper,
    [
      ...["run", "--rm", "--interactive", "--name", container, "--hostname", HOSTNAME],
      ...["--label", `${LABEL}.scratch=${kabupaten}/keeper`, "--network", "none", "--read-only"],
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", user],
      ...(user === OWNER ? [] : ["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE"]),
      ...["--tmpfs", `/run:mode=0700,uid=${user.split(":")[0]}`, "--tmpfs", "/tmp"],
      ...["--memory", "1g", "--volume", `${volume}:/repository:${mode}`],
      ...["--env", "RESTIC_REPOSITORY=/repository", "--env", "RESTIC_PASSWORD_FILE=/run/password"],
      ...["--entrypoint", "sh", keeper.image, "-uc", ATTENDED, "attended", ...words],
    ],
    `${password}\n`,
  );
}

// Ends with whoever started it: then its standard input ends. The password comes that way too, and no disk holds it.
const ATTENDED = `
umask 077
IFS= read -r password
printf %s "$password" >/run/password
exec 3<&0
"$@" </dev/null &
work=$!
{ cat <&3 >/dev/null; kill -KILL "$work"; } 2>/dev/null &
watch=$!
wait "$work"
status=$?
kill "$watch" 2>/dev/null
exit "$status"
`;

/** @param secret is sent to its standard input, which stays open until it ends */
function docker(
  { environment }: Keeper,
  words: readonly string[],
  secret?: string,
): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const child = spawn("docker", words, { env: environment, detached: true });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (part: Buffer) => stdout.push(part));
    child.stderr.on("data", (part: Buffer) => stderr.push(part));
    child.stdin.on("error", () => {});
    if (secret === undefined) child.stdin.end();
    else child.stdin.write(secret);
    child.on("error", (error) => resolve({ code: 127, stdout: "", stderr: error.message }));
    child.on("close", (code) =>
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}
