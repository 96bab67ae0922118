#!/usr/bin/env bash
# Comments on every open merge request into the default branch of a GitLab project, from that branch's own checkout.
# Environment: GitLab's CI_API_V4_URL, CI_PROJECT_ID, CI_DEFAULT_BRANCH; SIMPUL_NOTE_TOKEN; SIMPUL (npx simpul).
set -euo pipefail

read -r -a simpul <<<"${SIMPUL:-npx simpul}"
project="$CI_API_V4_URL/projects/$CI_PROJECT_ID"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A file, so that the token stands in no list of processes.
printf 'header = "PRIVATE-TOKEN: %s"\n' "$SIMPUL_NOTE_TOKEN" >"$work/token"

api() { curl --silent --show-error --fail --config "$work/token" "$@"; }

# What an expression over the JSON on standard input, called `all`, comes to.
json() { node --print "const all = JSON.parse(require('node:fs').readFileSync(0, 'utf8')); $1"; }

# Others may have written a note that looks like ours.
me=$(api "$CI_API_V4_URL/user" | json 'all.id')

note() {
  local notes="$project/merge_requests/$1/notes" mark old
  git fetch --quiet --no-tags origin "+refs/merge-requests/$1/head:refs/simpul/change"
  "${simpul[@]}" pr --base HEAD --head refs/simpul/change >"$work/comment.md" || true
  mark=$(head -n 1 "$work/comment.md")
  if [[ $mark != "<!-- simpul pr "* ]]; then
    cat "$work/comment.md" >&2
    return
  fi
  old=$(api "$notes?per_page=100&sort=asc" | MARK=$mark ME=$me json \
    'all.find(({ author, body }) => String(author.id) === process.env.ME && body.startsWith(process.env.MARK))?.id ?? ""')
  if [[ -n $old ]]; then
    api --request PUT --data-urlencode "body@$work/comment.md" "$notes/$old" >/dev/null
  else
    api --request POST --data-urlencode "body@$work/comment.md" "$notes" >/dev/null
  fi
}

api "$project/merge_requests?state=opened&per_page=100&target_branch=$CI_DEFAULT_BRANCH" |
  json 'all.map(({ iid }) => iid).join("\n")' |
  while read -r number; do
    if [[ $number =~ ^[0-9]+$ ]]; then note "$number"; fi
  done
