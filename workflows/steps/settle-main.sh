#!/usr/bin/env bash
# After merges: pins in the lock what main has and the lock lacks, brings CODEOWNERS up to date, commits and pushes both.
# Whoever merges meanwhile wins: the push is refused, and all is done anew on what main is then.
# Usage: settle-main.sh BRANCH [COMMIT-BEFORE-THE-MERGES]
# Environment: SIMPUL (npx simpul), REMOTE (origin); SIMPUL_KABUPATEN and SIMPUL_INVENTORY as simpul reads them.
set -euo pipefail

branch=$1
before=${2:-}
remote=${REMOTE:-origin}
inventory=${SIMPUL_INVENTORY:-inventory}
read -r -a simpul <<<"${SIMPUL:-npx simpul}"
REFUSED=75

settle() {
  git fetch --quiet "$remote" "+refs/heads/$branch:refs/remotes/$remote/$branch"
  git checkout --quiet --force --detach "refs/remotes/$remote/$branch"
  # Lines that a request brought along give way to those that main had.
  local kept=$before
  if ! git merge-base --is-ancestor "${kept:-none}" HEAD 2>/dev/null; then
    kept=$(git rev-parse --quiet --verify HEAD^1 || true)
  fi
  "${simpul[@]}" ip lock ${kept:+--repair "$kept"}
  if "${simpul[@]}" check --json | grep --quiet '"codeowners-stale"'; then
    "${simpul[@]}" codeowners --write
    git add -- "$(git rev-parse --show-toplevel)/CODEOWNERS"
  fi
  git add --all -- "$inventory"
  if git diff --cached --quiet; then
    echo "nothing to settle at $(git rev-parse HEAD)"
    return
  fi
  git commit --quiet --message "pin what was merged" \
    --message "Addresses of requests that were merged, and who approves them."
  git push --quiet "$remote" "HEAD:refs/heads/$branch" || return "$REFUSED"
  echo "settled as $(git rev-parse HEAD)"
}

for _attempt in 1 2 3 4 5; do
  status=0
  # In the background, because `settle || ...` would switch off `set -e` inside it.
  settle &
  wait $! || status=$?
  if ((status != REFUSED)); then exit "$status"; fi
done
echo "others merge faster than this settles: run it again" >&2
exit 1
