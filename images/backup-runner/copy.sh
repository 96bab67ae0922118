#!/bin/bash
# simpul-copy: at the DRC, brings every repository of the Pusat Data's backup server into that of the DRC, whose
# repositories have keys of their own: whoever has the one server has not the other. Looks every SIMPUL_COPY_EVERY seconds
# which snapshots are missing, and copies these (restic copy); what was cut off goes on where it ended. Each folder of
# SIMPUL_BACKUP_SECRETS is a repository: `from` and `to` are folders of credentials. Adding one needs no restart.
# Says in BACKUP/status.json how far it is.
set -u
shopt -s nullglob
NAME=salinan-drc
EVERY=${SIMPUL_COPY_EVERY:?}
LIMIT=${SIMPUL_COPY_LIMIT:-0}
BACKUP=${SIMPUL_BACKUP_FOLDER:-/backup}
SECRETS=${SIMPUL_BACKUP_SECRETS:-/run/simpul-secrets}
STATUS=$BACKUP/status.json
POLL=20
WORK=$(mktemp --directory)
restic=

# shellcheck source=status.sh
source /usr/local/lib/simpul/status.sh
# shellcheck source=repository.sh
source /usr/local/lib/simpul/repository.sh

main() {
  local began folder
  exec {never}<> <(:)
  trap stop TERM INT
  status '.name = $name | .running = false' name "$NAME"
  while :; do
    began=$EPOCHSECONDS
    status '.running = true | .began = $now' now "$(clock)"
    for folder in "$SECRETS"/*/; do copy "${folder%/}"; done
    forget_gone
    status '.running = false | .repository = null | .ended = $now | .next = $next' now "$(clock)" next "$(clock $((began + EVERY)))"
    while ((EPOCHSECONDS < began + EVERY)) && ! has_something_new; do nap "$POLL"; done
  done
}

# Without a fork.
nap() { read -rt "$1" -u "$never" || true; }

# copy FOLDER: one repository.
copy() {
  local name=${1##*/} from to missing
  from=$(names "$1/from" snapshots | sort) || { failed "$name" "the server of the Pusat Data does not answer"; return; }
  seen[$name]=$from
  [[ -n $from ]] || return 0
  if [[ $from == "${done_for[$name]-}" ]]; then return 0; fi
  status '.repository = $name | .repositories[$name].running = true | .repositories[$name].began = $now' name "$name" now "$(clock)"
  open "$1" || return
  use "$1/to"
  missing=$(wc -l <<<"$from")
  say "$name: looking at $missing snapshots"
  # In the background: a signal is heard at once.
  restic "${RESTIC[@]}" --limit-download "$LIMIT" copy --from-repository-file "$1/from/repository" \
    --from-password-file "$1/from/password" >"$WORK/copied" 2>"$WORK/said" &
  restic=$!
  wait "$restic" || { failed "$name" "$(last_words)"; return; }
  restic=
  done_for[$name]=$from
  status '.repositories[$name] |= (.running = false | .ok = true | .ended = $now | .message = null | .snapshots = ($count | tonumber))' \
    name "$name" now "$(clock)" count "$missing"
}

# With the cuts of the first: what is the same there is stored once here, too.
open() {
  local name=${1##*/}
  rest "$1/to" GET config
  case $? in
    0) drop_own_locks "$1/to" ;;
    4)
      use "$1/to"
      restic "${RESTIC[@]}" init --copy-chunker-params --from-repository-file "$1/from/repository" \
        --from-password-file "$1/from/password" >/dev/null 2>"$WORK/said" || { failed "$name" "$(last_words)"; return 1; }
      ;;
    *)
      failed "$name" "the server of the DRC does not answer"
      return 1
      ;;
  esac
  drop_own_locks "$1/from"
}

failed() {
  restic=
  say "$1: $2"
  status '.repositories[$name] |= (.running = false | .ok = false | .ended = $now | .message = $message)' \
    name "$1" now "$(clock)" message "$2"
}

# A new snapshot, or a new repository, is not waited for.
has_something_new() {
  local folder
  for folder in "$SECRETS"/*/; do
    folder=${folder%/}
    [[ -n ${seen[${folder##*/}]+known} ]] || return 0
    [[ $(names "$folder/from" snapshots | sort) == "${seen[${folder##*/}]}" ]] || return 0
  done
  return 1
}

forget_gone() {
  local name
  for name in "${!seen[@]}"; do
    [[ -d $SECRETS/$name ]] || { unset "seen[$name]" && status 'del(.repositories[$name])' name "$name"; }
  done
}

last_words() { tail -n 3 "$WORK/said" | tr -c '[:print:]\n' '?' | tr '\n' ' ' | cut -c 1-400; }

stop() {
  trap '' TERM INT
  [[ -z $restic ]] || { kill -TERM "$restic" 2>/dev/null && wait "$restic"; }
  rm -rf "$WORK"
  exit 0
}

# seen: snapshots of the Pusat Data, by repository; done_for: those that the DRC has, too.
declare -A seen=() done_for=()
main
