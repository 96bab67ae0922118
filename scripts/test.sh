#!/usr/bin/env bash
# All tests on a real engine: the machine made ready, static checks, then vitest.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
REPORT=.simpul/test-report.json

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  cat <<'TEXT'
usage: scripts/test.sh [VITEST ARGUMENTS]

Makes the machine ready, runs the static checks (types, lint, format, import directions), then
vitest with the arguments given. The report for programs is .simpul/test-report.json.

Example:
  $ npm test -- test/plan
TEXT
  exit 0
fi

# A report of an earlier run must not speak for this one.
rm -f "$REPORT"
SIMPUL_TEST_IMAGES=1 bash scripts/setup.sh
# shellcheck source=/dev/null
source .simpul/env
npm run --silent lint
npx vitest run --reporter=default --reporter=json --outputFile.json="$REPORT" "$@"
