#!/bin/bash
# simpul-carrier: brings the resolvers' configuration, uploaded as the one text /bundle (modules/render/config-file.ts),
# into the volume at /etc/simpul. unbound-checkconf judges each text; only when all are right are they moved into
# place, else nothing is. May be killed at any moment: the same again finishes.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
STAGING=$VOLUME/.staging
ALLOWED='^[a-z0-9][a-z0-9-]*/unbound\.conf$'

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

main() {
  begin "$VOLUME"
  unpack "$BUNDLE"
  judge
  move_each unbound.conf resolvers
  rm -rf "$STAGING"
}

# All that is wrong is said, not only what comes first.
judge() {
  local file said wrong=0
  mkdir -p /run/unbound # named in each text; unbound-checkconf looks for it
  for file in "$STAGING"/*/unbound.conf; do
    said=$(unbound-checkconf "$file" 2>&1) && continue
    complain "${file#"$STAGING"/}: ${said//"$STAGING"\//}"
    wrong=1
  done
  ((wrong == 0)) || refuse "nothing was moved"
}

shopt -s nullglob
main
