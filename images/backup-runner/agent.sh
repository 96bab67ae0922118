#!/bin/bash
# simpul-backup-agent: takes backups when they are due, for ever. Due is what the plan says (SIMPUL_BACKUP_EVERY and
# _OFFSET, seconds of Unix time), at once where the repository has no snapshot since the last such moment; a failed one is
# tried again after a growing pause. The newest snapshot says when the last one was, not this machine's memory.
set -u
NAME=${SIMPUL_BACKUP_NAME:?}
EVERY=${SIMPUL_BACKUP_EVERY:?}
OFFSET=${SIMPUL_BACKUP_OFFSET:-0}
BACKUP=${SIMPUL_BACKUP_FOLDER:-/backup}
SECRETS=${SIMPUL_BACKUP_SECRETS:-/run/simpul-secrets}
STATUS=$BACKUP/status.json
FIRST_PAUSE=20
LONGEST_PAUSE=1800
WORK=$(mktemp --directory)
backup=

# shellcheck source=status.sh
source /usr/local/lib/simpul/status.sh
# shellcheck source=repository.sh
source /usr/local/lib/simpul/repository.sh

main() {
  local pause=$FIRST_PAUSE due
  exec {never}<> <(:)
  trap stop TERM INT
  until [[ -r $SECRETS/password ]]; do nap 1; done
  status '.name = $name | .running = false | .phase = null' name "$NAME"
  while :; do
    due=$(next_due) || due=$EPOCHSECONDS
    wait_until "$due"
    simpul-backup &
    backup=$!
    wait "$backup"
    if (($? == 0)); then
      backup= pause=$FIRST_PAUSE
      continue
    fi
    backup=
    wait_until $((EPOCHSECONDS + pause + RANDOM % pause))
    pause=$((pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE))
  done
}

# Without a fork: there may be many on one machine.
nap() { read -rt "$1" -u "$never" || true; }

# A clock that is set back or forth makes no difference longer than a minute.
wait_until() {
  status '.next = $next' next "$(clock "$1")"
  while ((EPOCHSECONDS < $1)); do nap $(($1 - EPOCHSECONDS < 60 ? $1 - EPOCHSECONDS : 60)); done
}

# Fails where the server does not say.
next_due() {
  local slot=$(((EPOCHSECONDS - OFFSET) / EVERY * EVERY + OFFSET)) newest
  newest=$(newest_snapshot) || return 1
  if ((newest < slot)); then echo "$EPOCHSECONDS"; else echo $((slot + EVERY)); fi
}

# Unix time; 0 where there is none yet. A snapshot of the future is none: a clock was wrong.
newest_snapshot() {
  local newest
  [[ -n $(names "$SECRETS" snapshots || echo failed) ]] || { echo 0; return; }
  use "$SECRETS"
  newest=$(restic "${RESTIC[@]}" --no-lock --json snapshots --host "$NAME" --tag simpul) || return 1
  jq --argjson now "$EPOCHSECONDS" \
    '[.[] | .time | sub("\\..*?(?=Z|[+-]\\d\\d:)"; "") | sub("[+-]\\d\\d:\\d\\d$"; "Z") | fromdate | select(. <= $now + 60)] | max // 0' <<<"$newest"
}

# What is under way ends at once: the next one sends only what is missing.
stop() {
  trap '' TERM INT
  [[ -z $backup ]] || { kill -TERM "$backup" 2>/dev/null && wait "$backup"; }
  rm -rf "$WORK"
  exit 0
}

main
