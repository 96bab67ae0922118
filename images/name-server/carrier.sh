#!/bin/bash
# simpul-carrier: brings the name servers' configuration and zones, uploaded as the one text /bundle
# (modules/render/config-file.ts), into the volume at /etc/simpul. Knot's own programs judge each text; only when all
# are right does the whole set take the place of the one before, in one rename: no server sees half of it. May be
# killed at any moment: the same again finishes.
#
# simpul-carrier secrets: brings secrets from standard input, in the same form, into the volume at /run/simpul-secrets,
# where only root and Knot read them.
#
# In the volume: set-a and set-b, of which `current` is one; NAME leads to current/NAME.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
SECRETS=${SECRETS:-/run/simpul-secrets}
CURRENT=$VOLUME/current
STAGING= # in the volume, so that moving out of it is one rename

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

configuration() {
  STAGING=$VOLUME/.staging
  ALLOWED='^[a-z0-9][a-z0-9-]*/(knot\.conf|zones/[a-z0-9][a-z0-9.-]*\.zone)$'
  begin "$VOLUME"
  unpack "$BUNDLE"
  judge
  share_unchanged
  note_generations
  switch
}

secrets() {
  STAGING=$SECRETS/.staging
  ALLOWED='^(tsig\.conf|ksk/[a-z0-9][a-z0-9.-]*\.pem)$'
  umask 077
  begin "$SECRETS"
  unpack_pipe
  keep_from_others
  replace_secrets
}

# All that is wrong is said, not only what comes first.
judge() {
  local folder file said wrong=0
  stand_in_for_the_key
  for folder in "$STAGING"/*/; do
    for file in "$folder"knot.conf "$folder"zones/*.zone; do
      said=$(parser "$file" 2>&1) && continue
      complain "${file#"$STAGING"/}: ${said//"$STAGING"\//}"
      wrong=1
    done
  done
  ((wrong == 0)) || refuse "nothing was moved"
}

# What already stands in place was judged when it came; a zone's name is its file's.
parser() {
  local zone=${1##*/}
  if same "$1" "$CURRENT/${1#"$STAGING"/}"; then return 0; fi
  case $1 in
    */knot.conf) [[ -e $1 ]] || { echo "is missing"; return 1; }; knotc --config "$1" conf-check ;;
    *) kzonecheck --origin "${zone%.zone}." "$1" ;;
  esac
}

# knot.conf includes the key; the real one never comes here.
stand_in_for_the_key() {
  [[ ! -e $SECRETS/tsig.conf ]] || return 0
  mkdir -p "$SECRETS"
  printf 'key:\n  - id: simpul-transfer\n    algorithm: hmac-sha256\n    secret: AAAA\n' >"$SECRETS/tsig.conf"
}

same() { cmp --quiet "$1" "$2" 2>/dev/null; }

# Knot reloads zones whose file has another time; one that stays the same must keep its own.
share_unchanged() {
  local file
  while IFS= read -rd '' file; do
    if same "$STAGING/$file" "$CURRENT/$file"; then ln -fT "$CURRENT/$file" "$STAGING/$file"; fi
  done < <(cd "$STAGING" && find . -type f -print0)
}

# What servers watch: one small text that says which files are other than before.
note_generations() {
  local folder
  for folder in "$STAGING"/*/; do
    (cd "$folder" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum) >"$STAGING/generation"
    mv "$STAGING/generation" "$folder"
  done
}

switch() {
  local name link free=set-a was=none
  if [[ -L $CURRENT ]]; then was=$(readlink "$CURRENT"); fi
  if [[ $was != none ]] && diff --recursive --brief "$STAGING" "$VOLUME/$was" >/dev/null; then
    rm -rf "$STAGING"
    link_names
    complain "nothing has changed"
    return
  fi
  if [[ $was == set-a ]]; then free=set-b; fi
  rm -rf "${VOLUME:?}/$free"
  mv -T "$STAGING" "$VOLUME/$free"
  ln -sfnT "$free" "$VOLUME/.current"
  mv -T "$VOLUME/.current" "$CURRENT"
  link_names
  complain "$(find "$CURRENT/" -type f ! -name generation | wc -l) files in place"
}

link_names() {
  local path name
  for path in "$CURRENT"/*/; do
    name=$(basename "$path")
    [[ $(readlink "$VOLUME/$name" || true) == "current/$name" ]] || ln -sfnT "current/$name" "$VOLUME/$name"
  done
  for path in "$VOLUME"/*; do
    if [[ -L $path && ! -e $path ]]; then rm "$path"; fi
  done
}

keep_from_others() {
  chgrp -R knot "$STAGING"
  find "$STAGING" -type d -exec chmod 0750 {} +
  find "$STAGING" -type f -exec chmod 0640 {} +
}

replace_secrets() {
  local file
  chgrp knot "$SECRETS"
  chmod 0750 "$SECRETS"
  mkdir -p "$SECRETS/ksk"
  chmod 0750 "$SECRETS/ksk"
  chgrp knot "$SECRETS/ksk"
  while IFS= read -rd '' file; do
    mv -fT "$STAGING/$file" "$SECRETS/$file"
    kept[$file]=1
  done < <(cd "$STAGING" && find . -type f -printf '%P\0')
  while IFS= read -rd '' file; do
    if [[ -z ${kept[$file]-} ]]; then rm "$SECRETS/$file"; fi
  done < <(cd "$SECRETS" && find . -type f -printf '%P\0')
  rm -rf "$STAGING"
  complain "${#kept[@]} secrets in place"
}

declare -A kept=()
shopt -s nullglob
"${1:-configuration}"
