#!/usr/bin/env bash
# Mounts every size-limited volume of this engine host (modules/engine/host-volume.ts makes them). Runs before dockerd:
# a container whose volume is not mounted finds no `data` folder and does not start, so nothing is ever written beside
# its limit. Called by simpul-volumes.service at boot, by setup.sh where no systemd runs.
#
# usage: mount-volumes.sh [ROOT]   (default /var/lib/simpul). Exit code 1 when a volume could not be mounted; the
# others are mounted all the same.
set -euo pipefail
shopt -s nullglob

root=${1:-/var/lib/simpul}
mounted=0
failed=0

# show NAME DATA: a backup repository, in the folder of its server (modules/engine/host-repository.ts).
show() {
  local mark folder place
  read -r mark <"$root/volumes/$1.repository" || return
  [[ $mark =~ ^[a-z0-9-]+/[a-z0-9-]+$ ]] || return
  folder=$root/repositories/${mark%/*} place=$root/repositories/$mark
  mkdir -p "$folder"
  mount --make-shared "$folder" 2>/dev/null || { mount --bind "$folder" "$folder" && mount --make-shared "$folder"; }
  [[ -d $place ]] || mkdir -m 0555 "$place"
  [[ $(stat --format=%d "$place") != "$(stat --format=%d "$folder")" ]] || mount --bind "$2" "$place"
}

for image in "$root"/volumes/*.ext4; do
  name=$(basename "$image" .ext4)
  mount=$root/mounts/$name
  options=loop,nodev,noatime
  [[ ! -e $root/volumes/$name.repository ]] || options+=,data=journal
  if mountpoint --quiet "$mount"; then
    continue
  fi
  mkdir -p "$mount"
  checked=0
  # Never one that something still has open: mending would replay its journal under it.
  [[ -n $(losetup --noheadings --associated "$image") ]] || e2fsck -p "$image" >/dev/null || checked=$?
  # 1 and 2: mended.
  if ((checked > 2)) || ! mount -o "$options" "$image" "$mount"; then
    echo "volume $name: not mounted; mend it by hand: e2fsck $image" >&2
    failed=$((failed + 1))
    continue
  fi
  mkdir -p -m 0755 "$mount/data"
  [[ ! -e $root/volumes/$name.repository ]] || show "$name" "$mount/data" || failed=$((failed + 1))
  mounted=$((mounted + 1))
done

echo "$mounted volumes mounted, $failed failed"
((failed == 0))
