import { posix } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { EngineRefusal, answerOf, type Engine } from "./docker-engine.ts";
import type { HostVolume } from "./host-volume.ts";
import { noRoom } from "./host-volume-problems.ts";

/**
 * Bytes of the host's disk that no volume may take: the engine needs room for its own images, logs and container
 * states, else it cannot even stop who filled the rest.
 */
const RESERVE = 2 * 2 ** 30;
/** What the programs below end with when the disk has no room. */
const NO_ROOM = 75;

/**
 * Under another name first: an image that bears its name is a complete one.
 * @param reserve percent of the blocks that root alone may fill
 */
export async function createImage(
  engine: Engine,
  volume: HostVolume,
  sizeBytes: number,
  reserve = 0,
): Promise<Diagnostic | undefined> {
  const { image } = volume;
  await answerOf(engine, ["mkdir", "--parents", "--mode=0700", posix.dirname(image)]);
  // One at a time, all of it in one program of the host: a step that a killed run left behind may still be at it.
  return allocating(engine, volume, sizeBytes, MAKE_IMAGE, [
    `${image}.new`,
    image,
    String(reserve),
  ]);
}

/** Gives an image its length, and all of the blocks that it still lacks; never makes it smaller. */
export async function allocateImage(
  engine: Engine,
  volume: HostVolume,
  sizeBytes: number,
): Promise<Diagnostic | undefined> {
  return allocating(engine, volume, sizeBytes, 'allocate "$1"', [volume.image]);
}

async function allocating(
  engine: Engine,
  volume: HostVolume,
  sizeBytes: number,
  script: string,
  files: readonly string[],
): Promise<Diagnostic | undefined> {
  const sizes = [String(sizeBytes), String(RESERVE)];
  const run = ["sh", "-euc", `${ALLOCATE}${script}`, "make-image", ...files, ...sizes];
  const argv = ["flock", posix.dirname(volume.image), ...run];
  const answer = await engine.run(argv);
  if (answer.code === NO_ROOM) return noRoom(volume, sizeBytes, answer.stdout.trim());
  if (answer.code !== 0) throw new EngineRefusal(engine, argv, answer);
  return undefined;
}

// All blocks at once: what was promised to one server nobody else can fill before it is used (ADR-0022). The last two
// words are the size and the reserve.
const ALLOCATE = `
size= reserve=
for word; do size=$reserve reserve=$word; done
allocate() {
  have=$(($(stat --format='%b * %B' "$1" 2>/dev/null || echo 0)))
  free=$(($(stat --file-system --format='%a * %S' "\${1%/*}")))
  if [ "$size" -gt "$have" ] && [ $((size - have + reserve)) -gt "$free" ]; then echo "$free"; exit ${NO_ROOM}; fi
  fallocate --posix --length "$size" "$1"
}
`;

// What has a reserve is a repository: few files, most of them of many MiB, and less lost to inodes.
// No blocks reserved for root in a VPS: its processes are root, and would get past the limit that was promised.
const MAKE_IMAGE = `
[ ! -e "$2" ] || exit 0
rm -f "$1"
umask 077
allocate "$1"
form=
[ "$3" -eq 0 ] || form="-b 4096 -i 65536"
mkfs.ext4 -q -F -m "$3" $form -E nodiscard "$1"
sync "$1"
mv --no-target-directory "$1" "$2"
`;
