import { answerOf, type Engine } from "./docker-engine.ts";
import type { HostVolume } from "./host-volume.ts";

/** Under another name first: an image that bears its name is a complete one. */
export async function createImage(
  engine: Engine,
  { image }: HostVolume,
  sizeBytes: number,
): Promise<void> {
  const folder = image.slice(0, image.lastIndexOf("/"));
  await answerOf(engine, ["mkdir", "--parents", "--mode=0700", folder]);
  // One at a time, all of it in one program of the host: a step that a killed run left behind may still be at it.
  const make = ["sh", "-euc", MAKE_IMAGE, "make-image", `${image}.new`, image, String(sizeBytes)];
  await answerOf(engine, ["flock", folder, ...make]);
}

// No blocks reserved for root: processes in a VPS are root, and would get past the limit that was promised.
const MAKE_IMAGE = `
[ ! -e "$2" ] || exit 0
rm -f "$1"
truncate --size="$3" "$1"
chmod 0600 "$1"
mkfs.ext4 -q -F -m 0 "$1"
sync "$1"
mv --no-target-directory "$1" "$2"
`;
