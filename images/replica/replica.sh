#!/bin/bash
# simpul-replica: copies of servers' volumes on the volumes of their standbys.
#   loop SECONDS ADDRESS SERVER[:PATH]...   a copy of each, one after the other, every so often; PATH is left out of it
#   now ADDRESS SERVER[:PATH]               one copy at once
#   activate SERVER                         the last whole copy becomes the standby's data; no more copies from then on
#   release SERVER                          copies again; what the standby has is kept until the next one is whole
#   status                                  lines `SERVER KEY VALUE`
# On each standby's volume, below .simpul: `current` is the last whole copy, `new` one that is being made (unchanged files are
# links to the same data), `status` says of the last one when it began and ended (seconds of Unix time) and how large it is,
# `failed` why the latest try did not end well, `active` that the standby's data has taken its place. A copy that is cut
# off is gone on with; whatever happens, `current` is whole.
set -uo pipefail
KEY=/run/simpul-secrets/key
KNOWN=/run/simpul-secrets/known_hosts
STANDBYS=/standbys
# Seconds from the beginning of a round in which a copy failed to that of the next.
RETRY=15
FORM='^[a-z0-9][a-z0-9-]*(:/[A-Za-z0-9._/-]+)?$'
shopt -s nullglob dotglob

main() {
  case ${1-} in
    loop) loop "${@:2}" ;;
    now) once "$2" "$3" ;;
    activate) locked "$2" activate ;;
    release) locked "$2" release ;;
    status) status ;;
    *) echo "simpul-replica loop|now|activate|release|status" >&2; exit 2 ;;
  esac
}

say() { printf 'simpul: %s\n' "$*" >&2; }

loop() {
  local seconds=$1 address=$2 server began pause
  shift 2
  trap 'exit 0' TERM INT
  exec {never}<> <(:)
  while :; do
    began=$SECONDS
    pause=$seconds
    # A line that is cut now may be whole in a moment.
    for server in "$@"; do once "$address" "$server" & wait $! || pause=$RETRY; done
    pause=$((pause - (SECONDS - began)))
    read -rt $((pause > 1 ? pause : 1)) -u "$never" || true
  done
}

# once ADDRESS SERVER[:PATH]
once() {
  [[ $2 =~ $FORM ]] || { say "not a server: $2"; return 2; }
  locked "${2%%:*}" copy "$1" "$2"
}

# locked SERVER FUNCTION WORD...: in its folder .simpul, alone.
locked() {
  local folder=$STANDBYS/$1/.simpul lock status=0
  [[ $1 =~ $FORM && -d $STANDBYS/$1 ]] || { say "no standby of $1 here"; return 2; }
  mkdir -p "$folder" && chmod 700 "$folder" && cd "$folder" || return 1
  exec {lock}<.
  flock --wait 600 "$lock" || { say "$1 is being copied"; return 1; }
  "$2" "${@:3}" || status=$?
  exec {lock}<&-
  return "$status"
}

copy() {
  local address=$1 server=${2%%:*} left=${2#*:} began=$EPOCHSECONDS said code=0 exclude=()
  [[ ! -e active ]] || return 0
  finish_switch || return 1
  [[ $left == "$2" ]] || exclude=(--exclude="$left")
  mkdir -p new
  # 24: something vanished while it was read, as in any volume that is in use.
  said=$(rsync --archive --hard-links --acls --numeric-ids --delete --delete-excluded --stats \
    --timeout=60 --exclude=/.simpul --exclude=/lost+found "${exclude[@]}" \
    --link-dest="$PWD/current" --rsh="ssh -p 2222 -i $KEY -o UserKnownHostsFile=$KNOWN -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=5 -o LogLevel=ERROR" \
    "root@$address:/volumes/$server/" new/ 2>&1) || code=$?
  if ((code != 0 && code != 24)); then
    fail "rsync ended with $code: $(grep -v '^$' <<<"$said" | head -n 1)"
    return 1
  fi
  sync --file-system . || { fail "the copy could not be written out"; return 1; }
  {
    echo "began $began"
    echo "ended $EPOCHSECONDS"
    echo "bytes $(number 'Total file size' "$said")"
    echo "changed $(number 'Total transferred file size' "$said")"
    echo "files $(number 'Number of files' "$said")"
  } >new.status
  mv -fT new.status status.next && finish_switch && rm -f failed
}

# Renames in an order of which any stop can be told from what is there: `status.next` says that `new` is whole.
finish_switch() {
  if [[ -e status.next ]]; then
    if [[ -e new ]]; then
      rm -rf old
      [[ ! -e current ]] || mv -T current old || return 1
      mv -T new current || return 1
    fi
    sync . && mv -fT status.next status || return 1
  elif [[ ! -e current && -e old ]]; then
    mv -T old current || return 1
  fi
  rm -rf old
}

number() { sed -n "s/^$1: \([0-9,]*\).*/\1/p" <<<"$2" | tr -d ,; }

fail() {
  say "${PWD%/.simpul}: $1"
  printf 'failed %s\nerror %s\n' "$EPOCHSECONDS" "${1//$'\n'/ }" >failed.new && mv -fT failed.new failed
}

# Whole again after a stop at any point: what has been moved is not in `current` any more.
activate() {
  local entry
  finish_switch || return 1
  [[ -e current || -e active ]] || { say "there is no whole copy"; return 3; }
  [[ ! -e active || -e current ]] || return 0
  for entry in current/*; do
    rm -rf "../${entry#current/}" && mv -T "$entry" "../${entry#current/}" || return 1
  done
  cp -a status active 2>/dev/null || : >active
  rmdir current
}

# The standby's own data is the next copy's `current`: what did not change is not fetched again.
release() {
  local entry
  [[ -e active ]] || return 0
  mkdir -p current
  for entry in ../*; do
    [[ $entry == ../.simpul || $entry == ../lost+found ]] || mv -T "$entry" "current/${entry#../}" || return 1
  done
  rm -f active
}

status() {
  local folder server key value
  for folder in "$STANDBYS"/*/; do
    server=${folder%/} server=${server##*/}
    [[ ! -e $folder/.simpul/active ]] || echo "$server active yes"
    for key in status failed; do
      [[ -r $folder/.simpul/$key ]] || continue
      while read -r key value; do echo "$server $key $value"; done <"$folder/.simpul/$key"
    done
  done
}

main "$@"
