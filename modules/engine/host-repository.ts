import { posix } from "node:path";

import { engineName, type EngineRole } from "../plan/engine-names.ts";
import { BACKUP, BACKUP_DRC, BACKUP_SERVERS } from "../plan/part-names.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import type { HostVolume } from "./host-volume.ts";

/**
 * Data goes through the journal with everything else, in the order in which it was written: after a power cut a
 * repository is what it was a moment before. Else a snapshot could be there, and the packs that it names empty.
 */
export const IN_ORDER = "data=journal";

/** Percent of a repository that its server cannot fill: Dinas, who prunes it as root, needs room to write first. */
export const REPOSITORY_RESERVE = 3;

/** The user `backup` of Debian, as whom the server runs (images/backup-server). */
const OWNER = "34:34";

const MARK = /^[a-z0-9][a-z0-9-]{0,127}\/[a-z0-9][a-z0-9-]{0,127}$/;

/** Says beside a volume's image that it is a repository, and where it is shown; read at boot, too. */
export function repositoryMarkFile({ image }: Pick<HostVolume, "image">): string {
  return `${image.slice(0, -".ext4".length)}.repository`;
}

/** Notes where the volume is to be shown. Slugs alone: anything else is our own mistake. */
export async function markRepository(
  engine: Engine,
  volume: HostVolume,
  repository: string,
): Promise<void> {
  if (!MARK.test(repository)) throw new Error(`"${repository}" cannot name a repository`);
  const file = repositoryMarkFile(volume);
  const write = 'printf "%s\\n" "$2" >"$1.new" && mv -fT "$1.new" "$1"';
  await answerOf(engine, ["sh", "-euc", write, "mark-repository", file, repository]);
}

/** Where the volume is to be shown; undefined of all that is no repository. */
export async function repositoryMark(
  engine: Engine,
  volume: HostVolume,
): Promise<string | undefined> {
  const { code, stdout } = await engine.run(["cat", repositoryMarkFile(volume)]);
  return code === 0 && MARK.test(stdout.trim()) ? stdout.trim() : undefined;
}

/**
 * Shows a mounted volume below the folder that a backup server has as its own: that folder is a mount which passes on
 * what is mounted in it, so a server that runs sees a new repository without a restart. While nothing is mounted there,
 * the server finds a folder that it cannot write to.
 */
export async function showRepository(
  engine: Engine,
  volume: HostVolume,
  repository: string,
): Promise<void> {
  const [folder, place] = places(volume, repository);
  const words = ["show-repository", volume.data, folder, place, OWNER];
  // One after the other: two that make the folder a mount at once would lie one over the other.
  const lock = ["flock", posix.dirname(volume.image)];
  await answerOf(engine, [...lock, "sh", "-euc", SHOW, ...words]);
}

/** Takes it away again, before it is unmounted. Of what is no repository, or not shown, nothing is done. */
export async function hideRepository(engine: Engine, volume: HostVolume): Promise<void> {
  const repository = await repositoryMark(engine, volume);
  if (repository === undefined) return;
  const [, place] = places(volume, repository);
  await answerOf(engine, ["sh", "-euc", HIDE, "hide-repository", place]);
}

/** Takes away the folders of a kabupaten's backup servers and of its credentials, which nothing uses any more. */
export async function forgetBackups(
  engine: Engine,
  kabupaten: string,
  root: string,
): Promise<void> {
  const of = (role: EngineRole, name: string): string => engineName({ kabupaten, role, name });
  const servers = Object.values(BACKUP_SERVERS).map((name) => of("backup-server", name));
  const secrets = [BACKUP, BACKUP_DRC].map((name) => of("config", `${name}-secrets`));
  const folders = servers.map((name) => `${root}/repositories/${name}`);
  await answerOf(engine, ["sh", "-euc", FORGET, "forget-backups", ...folders]);
  const credentials = secrets.flatMap((name) => [name, `${name}.stamp`]);
  const files = credentials.map((name) => `${root}/secrets/${name}`);
  await answerOf(engine, ["rm", "--recursive", "--force", ...files]);
}

function places({ mount, name }: HostVolume, repository: string): readonly [string, string] {
  const root = mount.slice(0, -`/mounts/${name}`.length);
  const [group = ""] = repository.split("/");
  return [`${root}/repositories/${group}`, `${root}/repositories/${repository}`];
}

// The kernel is asked, and no list of mounts: that may name one which another mount hides. scripts/setup/mount-volumes.sh
// does the same at boot.
const SHOW = `
chown "$4" "$1"
chmod 0700 "$1"
mkdir -p "$2"
mount --make-shared "$2" 2>/dev/null || { mount --bind "$2" "$2" && mount --make-shared "$2"; }
[ -d "$3" ] || mkdir -m 0555 "$3"
[ "$(stat --format=%d "$3")" != "$(stat --format=%d "$2")" ] || mount --bind "$1" "$3"
`;

const HIDE = `
if [ -d "$1" ] && [ "$(stat --format=%d "$1")" != "$(stat --format=%d "\${1%/*}")" ]; then umount "$1"; fi
if [ -d "$1" ]; then rmdir "$1"; fi
`;

const FORGET = `
for folder; do
  if mount --make-private "$folder" 2>/dev/null; then umount "$folder"; fi
  if [ -d "$folder" ]; then find "$folder" -depth -type d -empty -delete; fi
done
`;
