#!/bin/bash
# simpul-sweep FOLDER: before the server starts, removes what it was in the middle of receiving when it was killed. All of
# restic's files but `config` are called by the SHA-256 of what they hold, and nobody was ever told that such a half file
# is there: its sender sends it again, which an append-only server refuses while the half one has the name.
# Only what was written in the last ten minutes of the repository's life is read: no request takes longer. A whole file
# whose content is wrong (a disk that forgets) is older than that, and left for `simpul verify backup` to find.
set -u
shopt -s nullglob
FOLDER=${1:?usage: simpul-sweep FOLDER}

sweep() {
  local repository=$1 newest files=() file sum
  newest=$(find "$repository" -xdev -type f -printf '%T@\n' | sort -n | tail -n 1)
  [[ -n $newest ]] || return 0
  readarray -d '' files < <(find "$repository" -xdev -type f -newermt "@$((${newest%.*} - 600))" -print0)
  for file in "${files[@]}"; do
    case ${file#"$repository"/} in
      config) ;;
      data/*/* | index/* | keys/* | locks/* | snapshots/*)
        read -r sum _ < <(sha256sum <"$file")
        [[ $sum == "${file##*/}" ]] || remove "$file"
        ;;
    esac
  done
  forget_half_beginning "$repository"
}

# A repository that was begun and has neither data nor snapshots is begun anew.
forget_half_beginning() {
  [[ -e $1/config && ! -s $1/config ]] || return 0
  [[ -z $(find "$1/data" "$1/snapshots" "$1/index" -type f -print -quit 2>/dev/null) ]] || return 0
  remove "$1/config"
}

remove() {
  printf 'simpul: removed %s, which was half written when the server ended\n' "$1" >&2
  rm -f "$1"
}

for repository in "$FOLDER"/*/; do sweep "${repository%/}"; done
