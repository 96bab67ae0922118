#!/bin/bash
# simpul-moves announce|withdraw SERVICE   switches what this gateway announces, at once and for good
# simpul-moves record announced|withdrawn SERVICE   only writes it down: for a gateway that stands still
# simpul-moves state   a line for each service that can be switched: SERVICE announced|withdrawn
# Each may be run again. Exit codes: 0 done, 2 wrong words or no such service, 1 the router refused.
set -uo pipefail
BIRD=/run/simpul/bird.conf
CONTROL=/run/bird/bird.ctl

# shellcheck source=moves.sh
source /usr/local/lib/simpul/moves.sh

main() {
  case ${1-} in
    announce) with_moves switch announced "${2-}" ;;
    withdraw) with_moves switch withdrawn "${2-}" ;;
    record) with_moves record "${2-}" "${3-}" ;;
    state) with_moves state ;;
    *) refuse "simpul-moves announce|withdraw|record|state" ;;
  esac
}

refuse() {
  echo "simpul-moves: $*" >&2
  exit 2
}

record() {
  [[ $1 == announced || $1 == withdrawn ]] || refuse "announced or withdrawn, not $1"
  [[ $2 =~ ^[a-z0-9][a-z0-9-]*$ ]] || refuse "not a service: $2"
  [[ -d $MOVES ]] || refuse "this gateway has nothing that can be switched"
  # On the disk before anybody relies on it: a power cut must not bring the old announcement back.
  printf '%s\n' "$1" >"$MOVES/.new" && sync "$MOVES/.new" && mv -fT "$MOVES/.new" "$MOVES/$2" && sync "$MOVES"
}

switch() {
  local said
  grep -q "^  disabled [a-z]*; # switch $2$" "$BIRD" || refuse "no such service here: $2"
  record "$1" "$2" && as_switched "$BIRD" || return 1
  # Not running, or starting: it reads the record first.
  [[ -S $CONTROL ]] || return 0
  said=$(birdc -s "$CONTROL" configure 2>&1) || true
  # birdc exits with 0 when BIRD refuses, too.
  [[ $said == *Reconfigur* || $said == *"onnection refused"* ]] || { echo "$said" >&2; return 1; }
}

# As BIRD was told, which is what the record says or the default.
state() {
  [[ -r $BIRD ]] || return 0
  as_switched "$BIRD" || return 1
  sed -n 's/^  disabled \(yes\|no\); # switch \([a-z0-9-]*\)$/\2 \1/p' "$BIRD" | sort -u |
    while read -r service disabled; do
      if [[ $disabled == yes ]]; then echo "$service withdrawn"; else echo "$service announced"; fi
    done
}

main "$@"
