# shellcheck shell=bash
# Sourced by the agent and the copier: what they do, and what came of it, as one JSON object in a file that appears whole.
# Verification and monitoring read it: `running` and its phase, the last attempt, the last one that succeeded.
# Needs STATUS, the file. The agent and a backup that somebody asked for may write at the same time: one after the other.

# status FILTER [NAME VALUE]...: changes the object by a jq filter, in which values are $NAME, always text.
status() {
  local filter=$1 args=() before='{}' turn
  shift
  while (($# > 1)); do
    args+=(--arg "$1" "$2")
    shift 2
  done
  exec {turn}>"$STATUS.lock" || return
  flock --timeout 10 "$turn"
  [[ ! -s $STATUS ]] || before=$(<"$STATUS")
  {
    jq --compact-output "${args[@]}" "$filter" <<<"$before" >"$STATUS.new" 2>/dev/null ||
      jq --null-input --compact-output "${args[@]}" "{} | $filter" >"$STATUS.new"
  } && mv -fT "$STATUS.new" "$STATUS"
  exec {turn}>&-
}

# 2026-11-23T15:04:05Z
clock() { date -u -d "@${1:-$EPOCHSECONDS}" +%Y-%m-%dT%H:%M:%SZ; }

say() { printf 'simpul: %s: %s\n' "$NAME" "$*" >&2; }
