#!/bin/bash
# simpul-backup: takes one backup of one server, whatever ended before it came to its end (a kill, a power cut, a full
# repository): it begins anew and sends only what is not there yet. Says in BACKUP/status.json what it does and what came
# of it; ends with 0 when the snapshot is there and its companion, else with 1, 75 where trying again soon is worth it.
#
# Reads BACKUP/files, a server's file system or volume, read-only; BACKUP/layer, where there is one, what a VPS has changed
# over its image. Writes BACKUP/databases, BACKUP/manifest and BACKUP/live. Two snapshots come of it (docs/backup.md):
# one with the tag `simpul`, and one with `simpul-live` and `of-<id of the first>`, what changed while it was read.
#
# Settings (modules/render/backup-runner.ts): SIMPUL_BACKUP_NAME, _PATHS (with `:` between), _LAYER_PATHS, _DATABASES,
# _RUNNING, _UPLOAD (KiB/s), _BYTES (of the repository), _LARGEST (bytes; what is larger is no real file), _TIMEOUT (s),
# _SOCKETS; SIMPUL_BACKUP_FOLDER and SIMPUL_BACKUP_SECRETS where they are elsewhere.
set -u
shopt -s nullglob
NAME=${SIMPUL_BACKUP_NAME:?}
BACKUP=${SIMPUL_BACKUP_FOLDER:-/backup}
SECRETS=${SIMPUL_BACKUP_SECRETS:-/run/simpul-secrets}
STATUS=$BACKUP/status.json
# Of the user postgres, in the VPS and here.
POSTGRES=432
# A repository of which so much is used takes no more: the rest is its file system's own, and Dinas' for pruning.
FULL_PERCENT=94
# A pack and an index, which are written whole or not at all.
LARGEST_OBJECT=$((12 << 20))
# Trying again soon is worth it.
AGAIN=75
WORK=$(mktemp --directory)
trap 'rm -rf "$WORK"' EXIT

# shellcheck source=status.sh
source /usr/local/lib/simpul/status.sh
# shellcheck source=repository.sh
source /usr/local/lib/simpul/repository.sh

main() {
  exec {alone}>"$BACKUP/.lock"
  flock --nonblock "$alone" || { say "another backup of it is at work"; exit "$AGAIN"; }
  status '.began = $now | .ended = null | .running = true | .attempts = (.attempts // 0) + 1' now "$(clock)"
  phase repository
  find_sources
  open_repository
  has_room
  dump_databases
  phase manifest
  take_manifest
  phase sending
  send
  phase comparing
  compare
  succeed
}

phase() { status '.phase = $phase' phase "$1"; }

# give_up REASON MESSAGE: a reason is one word, for programs.
give_up() {
  status '.running = false | .phase = null | .ok = false | .ended = $now | .reason = $reason | .message = $message' \
    now "$(clock)" reason "$1" message "$2"
  say "failed ($1): $2"
  case $1 in path-missing | path-link | too-slow) exit 1 ;; esac
  exit "$AGAIN"
}

succeed() {
  status '.running = false | .phase = null | .ok = true | .ended = $now | .reason = null | .message = null | .attempts = 0
    | .leftOut = ($left | tonumber) | .last = {began, ended, snapshot, live, changed, bytes, seconds: ((.ended | fromdate) - (.began | fromdate))}' \
    now "$(clock)" left "$(tr -cd '\0' <"$BACKUP/manifest/left-out" | wc -c)"
  say "snapshot $(jq --raw-output '"\(.snapshot[:8]), \(.last.seconds) s, \(.changed) changed meanwhile"' "$STATUS")"
}

# within WORD...: bounded in time, and gone with everything it started.
within() { timeout --kill-after=10 "${SIMPUL_BACKUP_TIMEOUT:-21600}" "$@"; }

# A tenant could make a folder on the way a link into this machine's own files.
find_sources() {
  local path paths=() layers=("$BACKUP"/layer/*/diff)
  targets=()
  IFS=: read -ra paths <<<"${SIMPUL_BACKUP_PATHS-}"
  for path in "${paths[@]}"; do targets+=("$BACKUP/files$path"); done
  for path in "${targets[@]}"; do
    [[ -e $path || -L $path ]] || give_up path-missing "there is no ${path#"$BACKUP/files"} to back up"
    [[ $(realpath --no-symlinks "$path") == "$(realpath "$path" 2>/dev/null)" ]] ||
      give_up path-link "${path#"$BACKUP/files"} leads elsewhere by a symbolic link"
  done
  IFS=: read -ra paths <<<"${SIMPUL_BACKUP_LAYER_PATHS-}"
  # What a VPS has not changed is its image's, and not there.
  for path in "${paths[@]}"; do
    [[ ${#layers[@]} -eq 0 || ! -e ${layers[0]}$path ]] || targets+=("${layers[0]}$path")
  done
  ((${#targets[@]} > 0)) || give_up path-missing "nothing of what is to be backed up is there"
}

# Made where there is none; a repository that was here and is gone is begun anew, and said so until somebody has looked.
open_repository() {
  local known=$BACKUP/repository
  use "$SECRETS"
  rest "$SECRETS" GET config
  case $? in
    0)
      sha256sum <"$WORK/answer" >"$known.new" && mv -fT "$known.new" "$known"
      drop_own_locks "$SECRETS"
      ;;
    4)
      if [[ -e $known ]]; then
        status '.lost = $now' now "$(clock)"
        say "the repository that was there is gone; beginning a new one"
      fi
      restic "${RESTIC[@]}" init >/dev/null 2>"$WORK/said" || give_up cannot-begin "$(last_words)"
      ;;
    5) give_up refused "the backup server knows no such user or password" ;;
    7) give_up server-away "the backup server does not answer: $(last_words)" ;;
    *) give_up server-error "the backup server fails: $(head --bytes 200 "$WORK/answer")" ;;
  esac
}

has_room() {
  local used bytes=${SIMPUL_BACKUP_BYTES:-0}
  used=$(used_bytes "$SECRETS") || give_up server-error "the backup server does not say what it holds"
  status '.used = ($used | tonumber)' used "$used"
  ((bytes == 0 || used * 100 < bytes * FULL_PERCENT)) || give_up repository-full "$(full_words "$used")"
}

full_words() {
  echo "the repository holds $(($1 >> 20)) MiB of $((${SIMPUL_BACKUP_BYTES:-0} >> 20)) MiB; give it more (backup.size), or prune it"
}

dump_databases() {
  local folder=$BACKUP/databases/postgresql left said
  rm -rf "$BACKUP/databases"
  mkdir -p "$BACKUP/databases"
  [[ ${SIMPUL_BACKUP_DATABASES-} == postgresql ]] || return 0
  # Its files are whole where it was stopped in order, and the next backup of a running server has dumps again.
  [[ ${SIMPUL_BACKUP_RUNNING:-yes} == yes ]] || return 0
  phase databases
  # Its group is root's, who has no right over the files of others here.
  { mkdir -m 0770 "$folder" && chown "$POSTGRES:0" "$folder"; } || give_up no-room "cannot make $folder"
  left=$(($(stat --file-system --format='%a * %S / 1024' "$BACKUP")))
  # shellcheck disable=SC2016 # for the inner shell
  within setpriv --reuid "$POSTGRES" --regid "$POSTGRES" --clear-groups --no-new-privs --bounding-set -all --inh-caps -all \
    env --ignore-environment PATH="$PATH" bash -c 'ulimit -f "$1" -c 0; exec simpul-dump-postgresql "$2" "$3"' dump \
    "$left" "$folder" "${SIMPUL_BACKUP_SOCKETS:-$BACKUP/files/srv/postgresql/run}" >/dev/null 2>"$WORK/said" ||
    give_up database "$(last_words)"
  # The tenant's server may have said anything: what is no plain file goes no further.
  said=$(find "$folder" -mindepth 1 ! -type f -print -quit)
  [[ -z $said ]] || give_up database "the dump holds what is no file"
}

take_manifest() {
  mkdir -p "$BACKUP/manifest" "$BACKUP/live"
  within simpul-manifest take "$BACKUP" "${targets[@]}" "$BACKUP/databases" 2>"$WORK/said" ||
    give_up manifest "$(ended $?)$(last_words)"
}

send() {
  local code id
  restic_backup --tag simpul "${targets[@]}" "$BACKUP/databases" "$BACKUP/manifest"
  code=$?
  case $code in
    0) ;;
    3) only_vanished || give_up unreadable "$(last_words)" ;;
    124 | 137) give_up too-slow "it did not end within ${SIMPUL_BACKUP_TIMEOUT:-21600} s" ;;
    *) explain ;;
  esac
  id=$(jq --raw-output 'select(.message_type == "summary") | .snapshot_id' "$WORK/sent" | tail -n 1)
  [[ $id =~ ^[0-9a-f]{8,64}$ ]] || give_up server-error "restic named no snapshot"
  id=$(names "$SECRETS" snapshots | grep -m 1 "^$id") || give_up server-error "the snapshot is not on the server"
  nothing_left_out
  status '.snapshot = $id | .bytes = ($bytes | tonumber)' id "$id" \
    bytes "$(jq 'select(.message_type == "summary") | .data_added' "$WORK/sent" | tail -n 1)"
}

# restic passes over what has another device number than its folder, which on some file systems (an overlay) every file has.
nothing_left_out() {
  local sent listed own=2
  sent=$(jq 'select(.message_type == "summary") | .total_files_processed' "$WORK/sent" | tail -n 1)
  listed=$(grep --null-data --count --text '^f' "$BACKUP/manifest/files")
  # Some may have gone since the manifest was taken.
  (((sent - own) * 10 >= listed * 9)) ||
    give_up left-out "only $((sent - own)) of $listed files were read: the others lie on another file system than their folders"
}

# restic_backup WORD...: restic tries for a quarter of an hour what the server refuses; a full repository stays full.
restic_backup() {
  local restic
  within restic "${RESTIC[@]}" --json --limit-upload "${SIMPUL_BACKUP_UPLOAD:-0}" backup --host "$NAME" --one-file-system \
    ${SIMPUL_BACKUP_LARGEST:+--exclude-larger-than "$SIMPUL_BACKUP_LARGEST"} "$@" >"$WORK/sent" 2>"$WORK/said" &
  restic=$!
  while kill -0 "$restic" 2>/dev/null; do
    sleep 1
    if grep -q retrying "$WORK/said" && is_full; then kill -TERM "$restic"; fi
  done
  wait "$restic"
}

# Of a server that answers and does not take what is sent.
is_full() {
  local used bytes=${SIMPUL_BACKUP_BYTES:-0}
  used=$(used_bytes "$SECRETS") && ((bytes > 0 && used + LARGEST_OBJECT >= bytes / 100 * FULL_PERCENT))
}

compare() {
  local changed id
  changed=$(within simpul-manifest compare "$BACKUP" "${targets[@]}" "$BACKUP/databases" 2>"$WORK/said") ||
    give_up manifest "$(ended $?)$(last_words)"
  id=$(jq --raw-output .snapshot "$STATUS")
  restic_backup --tag simpul-live --tag "of-$id" "$BACKUP/live" || explain
  id=$(jq --raw-output 'select(.message_type == "summary") | .snapshot_id' "$WORK/sent" | tail -n 1)
  status '.live = $id | .changed = ($changed | tonumber)' id "$id" changed "$changed"
}

# Why restic gave up, as far as one can know.
explain() {
  local used
  if grep -q 'already locked' "$WORK/said"; then give_up locked "$(last_words)"; fi
  used=$(used_bytes "$SECRETS") || give_up server-away "the backup server went away: $(last_words)"
  if is_full; then give_up repository-full "$(full_words "$used")"; fi
  give_up server-error "$(last_words)"
}

# restic says of each file that it could not read; what is gone is no failure of the backup.
only_vanished() {
  local item
  while IFS= read -r item; do [[ ! -e $item ]] || return 1; done < <(
    jq --raw-input --raw-output 'fromjson? | select(.message_type? == "error") | .item' "$WORK/said"
  )
}

ended() { case $1 in 124 | 137) echo "not done within ${SIMPUL_BACKUP_TIMEOUT:-21600} s; " ;; esac; }

last_words() { tail -n 3 "$WORK/said" | tr -c '[:print:]\n' '?' | tr '\n' ' ' | cut -c 1-400; }

main
