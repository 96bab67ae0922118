#!/usr/bin/env bash
# What lets a host that has just got power (test/twin/site-lab.ts) pass for one that setup has made ready: this machine's
# images and .simpul, none of which it can change. Runs on that host before its engine starts.
#
# usage: boot.sh CHECKOUT ENGINE_DATA   (the data folder of this machine's engine)
set -euo pipefail

checkout=$1 theirs=$2
ours=/run/engine

# Neither fsync nor what tests leave costs anything in memory; only what containers write over their images lies here.
mkdir -p "$ours" /run/simpul
mount -t tmpfs -o mode=711,size=16g engine "$ours"
mount -t tmpfs -o mode=755,size=16g simpul /run/simpul

# An image's layers are never written to, so that links to this machine's do. Layers of its containers stay behind.
mount --bind "$theirs" "$theirs"
mount -o remount,bind,ro "$theirs"
mkdir -p "$ours"/image/overlay2/layerdb "$ours/overlay2"
cp -a "$theirs"/image/overlay2/{imagedb,repositories.json} "$ours/image/overlay2/"
cp -a "$theirs"/image/overlay2/layerdb/sha256 "$ours/image/overlay2/layerdb/"
cp -a "$theirs/overlay2/l" "$ours/overlay2/"
for file in "$ours"/image/overlay2/layerdb/sha256/*/cache-id; do
  layer=$(<"$file")
  mkdir -p "$ours/overlay2/$layer/work"
  ln -s "$theirs/overlay2/$layer/diff" "$ours/overlay2/$layer/diff"
  : >"$ours/overlay2/$layer/committed"
  for part in link lower; do
    [[ ! -e $theirs/overlay2/$layer/$part ]] || echo -n "$(<"$theirs/overlay2/$layer/$part")" >"$ours/overlay2/$layer/$part"
  done
done

mkdir /run/simpul/{upper,work}
mount -t overlay -o "lowerdir=$checkout/.simpul,upperdir=/run/simpul/upper,workdir=/run/simpul/work" simpul "$checkout/.simpul"
rm -rf "$checkout"/.simpul/{prove,run,secrets,state,synth}

# The range that tests take for places outside (RFC 2544): a way out as each machine has one, and what takes it is gone.
ip link add outside type bridge
ip link set outside up
ip route add 198.18.0.0/15 dev outside

nft --file "$checkout/scripts/setup/host-firewall.nft"
