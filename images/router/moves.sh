# shellcheck shell=bash
# Sourced by entrypoint and simpul-moves: which services a gateway announces that can also be announced elsewhere. How each
# was switched last stands in a volume, one file a service, so that it outlives restarts and new containers; what was never
# switched is as bird.conf has it.
MOVES=${MOVES:-/var/lib/simpul-moves}

# One at a time: who reads the record and puts a configuration in force must not be overtaken by who writes it.
with_moves() {
  local lock status=0
  if [[ ! -d $MOVES ]]; then
    "$@"
    return
  fi
  exec {lock}<"$MOVES"
  flock --wait 20 "$lock" || { echo "simpul: the record of moves is locked" >&2; exec {lock}<&-; return 1; }
  "$@" || status=$?
  # Not only closed: a BIRD that was started meanwhile holds it open, too.
  flock --unlock "$lock"
  exec {lock}<&-
  return "$status"
}

# as_switched FILE: each line `  disabled yes; # switch SERVICE` becomes what the record says.
as_switched() {
  local line text='' state
  [[ -d $MOVES ]] || return 0
  while IFS= read -r line; do
    if [[ $line =~ ^\ \ disabled\ (yes|no)\;\ \#\ switch\ ([a-z0-9-]+)$ && -r $MOVES/${BASH_REMATCH[2]} ]]; then
      read -r state <"$MOVES/${BASH_REMATCH[2]}" || true
      case $state in
        announced) line="  disabled no; # switch ${BASH_REMATCH[2]}" ;;
        withdrawn) line="  disabled yes; # switch ${BASH_REMATCH[2]}" ;;
      esac
    fi
    text+=$line$'\n'
  done <"$1"
  printf '%s' "$text" >"$1.switched" && mv -fT "$1.switched" "$1"
}
