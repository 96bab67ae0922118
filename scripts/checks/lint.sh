#!/usr/bin/env bash
# The static checks, side by side: each says in one line how it went, and what it found if it failed.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
FOUND=$(mktemp -d)
trap 'rm -rf "$FOUND"' EXIT

# start NAME COMMAND...
start() {
  local name=$1
  shift
  (
    SECONDS=0
    "$@" >"$FOUND/$name" 2>&1
    status=$?
    echo "$status $SECONDS" >"$FOUND/$name.status"
    exit "$status"
  ) &
}

bin=node_modules/.bin
start lint "$bin/oxlint" --format unix
start format "$bin/oxfmt" --list-different
start types "$bin/tsc" --noEmit --pretty false
start imports "$bin/tsx" scripts/checks/import-direction.ts
wait

declare -A MEND=(
  [lint]="npx oxlint --fix mends some of them"
  [format]="npm run format"
  [types]="npm run typecheck shows only these"
  [imports]="imports point one way: docs/decisions/ADR-0001-layers-and-one-way-imports.md"
)
failed=0
for name in lint format types imports; do
  read -r status seconds <"$FOUND/$name.status"
  if ((status == 0)); then
    printf 'ok      %-8s %s s\n' "$name" "$seconds"
  else
    failed=1
    printf 'FAILED  %-8s %s s  (mend: %s)\n' "$name" "$seconds" "${MEND[$name]}"
    sed 's/^/  /' "$FOUND/$name"
  fi
done
exit "$failed"
