#!/usr/bin/env bash
# From whatever this machine is to the default kabupaten deployed and verified.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  cat <<'TEXT'
usage: scripts/up.sh [--kabupaten NAME]

Makes the machine ready (scripts/setup.sh), deploys the kabupaten, verifies it and says what is
up. Run it again to bring the running system to what the inventory says.

Example:
  $ npm run up
TEXT
  exit 0
fi

bash scripts/setup.sh
# shellcheck source=/dev/null
source .simpul/env
scripts/simpul deploy --yes "$@"
scripts/simpul verify all "$@"
echo
echo "first backups:"
scripts/simpul backup status --wait 120 "$@"

echo
echo "up:"
docker ps --filter label=id.go.simpul.kabupaten \
  --format '{{.Label "id.go.simpul.kabupaten"}} {{.Label "id.go.simpul.role"}}' | sort | uniq -c |
  awk '{ printf "  %-16s %-16s %d\n", $2, $3, $1 }'
echo "next: npx simpul plan | npx simpul verify all | npm run down"
