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
  const argv = ["show-repository", volume.data, folder, place, OWNER];
  await answerOf(engine, ["sh", "-euc", SHOW, ...argv]);
}

/** Takes it away again, before it is unmounted. Of what is no repository, or not shown, nothing is done. */
export async function hideRepository(engine: Engine, volume: HostVolume): Promise<void> {
  const repository = await repositoryMark(engine, volume);
  if (repository === undefined) return;
  const [, place] = places(volume, repository);
  await answerOf(engine, ["sh", "-euc", HIDE, "hide-repository", place]);
}

function places({ mount, name }: HostVolume, repository: string): readonly [string, string] {
  const root = mount.slice(0, -`/mounts/${name}`.length);
  const [group = ""] = repository.split("/");
  return [`${root}/repositories/${group}`, `${root}/repositories/${repository}`];
}

// scripts/setup/mount-volumes.sh does the same at boot.
const SHOW = `
chown "$4" "$1"
chmod 0700 "$1"
mkdir -p "$2"
mountpoint -q "$2" || mount --bind "$2" "$2"
mount --make-shared "$2"
[ -d "$3" ] || mkdir -m 0555 "$3"
mountpoint -q "$3" || mount --bind "$1" "$3"
`;

const HIDE = `
if mountpoint -q "$1"; then umount "$1"; fi
if [ -d "$1" ]; then rmdir "$1"; fi
`;
