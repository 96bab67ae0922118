#!/usr/bin/env bash
# Plans into a folder that a person looks at before it is applied; plans that nobody applied are forgotten.
# Usage: plan-for-review.sh FOLDER
# Environment: SIMPUL (npx simpul); SIMPUL_REPLACE and SIMPUL_DESTROY: servers as role/name, spaces between.
set -euo pipefail

folder=$1
read -r -a simpul <<<"${SIMPUL:-npx simpul}"
read -r -a replace <<<"${SIMPUL_REPLACE:-}"
read -r -a destroy <<<"${SIMPUL_DESTROY:-}"

rm -rf -- "$(dirname "$folder")"
allowed=()
for name in "${replace[@]}"; do allowed+=("--replace=$name"); done
for name in "${destroy[@]}"; do allowed+=("--destroy=$name"); done
"${simpul[@]}" plan --out "$folder" "${allowed[@]}"
