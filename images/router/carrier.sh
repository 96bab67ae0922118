#!/bin/bash
# simpul-carrier: brings a stack's configuration, uploaded as the one text /bundle (modules/render/config-file.ts),
# into the volume at /etc/simpul. Each text is judged by the program that will read it; only when all are right are
# they moved into place, else none is. May be killed at any moment: the same again finishes.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
STAGING=$VOLUME/.staging
# NAME/FILE: a slug and one of the files.
ALLOWED='^[a-z0-9][a-z0-9-]*/(addresses|bird\.conf|nftables\.conf|shaping)$'
shopt -s nullglob
declare -A kept=()

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh
# shellcheck source=shaping.sh
source /usr/local/lib/simpul/shaping.sh

main() {
  begin "$VOLUME"
  unpack "$BUNDLE"
  judge
  move
  rm -rf "$STAGING"
}

judge() {
  local folder file wrong=0
  for folder in "$STAGING"/*/; do
    for file in addresses bird.conf nftables.conf shaping; do
      if [[ ! -e $folder$file ]]; then
        complain "${folder#"$STAGING"/}$file: is missing"
        wrong=1
      elif ! is_right "$folder" "$file"; then
        wrong=1
      fi
    done
  done
  ((wrong == 0)) || refuse "nothing was moved"
}

# is_right FOLDER FILE. What already stands in place was judged when it came.
is_right() {
  local path=${1#"$STAGING"/}$2 said
  ! same "$1$2" "$VOLUME/$path" || return 0
  said=$(parser "$1$2" 2>&1) || { complain "$path: ${said//"$STAGING"\//}"; return 1; }
}

parser() {
  case $1 in
    *.staging/*/bird.conf) bird -p -c "$1" ;;
    *.staging/*/nftables.conf) nft --check --file "$1" ;;
    *.staging/*/shaping) shaping_is_right "$1" ;;
    *) addresses_are_right "$1" ;;
  esac
}

addresses_are_right() {
  local line
  while IFS= read -r line; do
    [[ $line =~ ^(#.*|lo\ [0-9a-f.:]+/(32|128)|segment\ [1-9][0-9]*\ [0-9a-f.:]+\ [a-z0-9-]+|drain\ [1-9])$ ]] ||
      { echo "not an address line: $line"; return 1; }
  done <"$1"
}

# The carrier has a network of its own, without any interface but lo: the kernel itself says whether it takes the tree. A
# parent that is not there the kernel takes for the root, and the class would be held to nothing.
shaping_is_right() {
  local line class parent known=' 0 '
  while IFS= read -r line; do
    [[ $line =~ ^(#.*|on\ [1-9][0-9]*|class\ [1-9a-f][0-9a-f]{0,3}\ [0-9a-f]{1,4}(\ [1-9][0-9]*){4}\ [0-9]+\ [0-7])$ ]] ||
      { echo "not a shaping line: $line"; return 1; }
    [[ $line == class* ]] || continue
    read -r _ class parent _ <<<"$line"
    [[ $known == *" $parent "* ]] || { echo "no class $parent before: $line"; return 1; }
    known+="$class "
  done <"$1"
  [[ $known != ' 0 ' ]] || return 0
  shape lo "$1" && tc qdisc delete dev lo root
}

same() {
  local one two
  [[ -e $2 ]] || return 1
  IFS= read -rd '' one <"$1" || true
  IFS= read -rd '' two <"$2" || true
  [[ $one == "$two" ]]
}

# A router that starts and refuses what comes now has these to go by (entrypoint.sh).
keep_before() {
  local folder name file changing=()
  for folder in "$VOLUME"/*/; do
    name=${folder#"$VOLUME"/} name=${name%/}
    [[ -d $STAGING/$name ]] || continue
    for file in nftables.conf addresses shaping bird.conf; do
      same "$STAGING/$name/$file" "$VOLUME/$name/$file" && continue
      changing+=("$VOLUME/$name")
      break
    done
  done
  ((${#changing[@]} == 0)) || { mkdir -p "$VOLUME/.before" && cp -r -t "$VOLUME/.before" "${changing[@]}"; }
}

# Each rename is whole by itself, and routers judge what they find once more: a half-moved set is never taken. The
# packet filter goes first, so that a new neighbour is let in before BIRD awaits it.
move() {
  local folder name file fresh=() changed=0 removed=0
  keep_before
  for folder in "$STAGING"/*/; do
    name=${folder#"$STAGING"/} name=${name%/}
    if [[ ! -d $VOLUME/$name ]]; then
      fresh+=("$STAGING/$name")
      continue
    fi
    for file in nftables.conf addresses shaping bird.conf; do
      same "$folder$file" "$VOLUME/$name/$file" && continue
      mv -fT "$folder$file" "$VOLUME/$name/$file"
      changed=$((changed + 1))
    done
    kept[$name]=1
  done
  for name in "${fresh[@]##*/}"; do kept[$name]=1; done
  ((${#fresh[@]} == 0)) || mv -t "$VOLUME" "${fresh[@]}"
  for folder in "$VOLUME"/*/; do
    name=${folder#"$VOLUME"/} name=${name%/}
    [[ -z ${kept[$name]-} ]] || continue
    rm -rf "$folder" "$VOLUME/.before/$name"
    removed=$((removed + 1))
  done
  echo "carrier: ${#kept[@]} routers: ${#fresh[@]} new, $changed texts changed, $removed removed"
}

main
