# shellcheck shell=bash
# Sourced by the carriers of roles: takes the one text that the stack uploads (modules/render/config-file.ts) apart.
# Needs STAGING, a folder in the volume that is thrown away, and ALLOWED, the form of the paths that the role knows:
# the plan made them, but here they become paths. What is right and how it is moved into place is the role's own.

# begin VOLUME: this carrier alone works on it from now on.
begin() {
  exec {lock}<"$1"
  flock --wait 60 "$lock" || refuse "another carrier is at work"
  rm -rf "$STAGING"
  mkdir "$STAGING"
}

complain() { printf 'carrier: %s\n' "$*" >&2; }

refuse() {
  complain "$*"
  rm -rf "$STAGING"
  exit 1
}

# What comes by a pipe ends wherever its sender was killed: half of a key must not take the place of a whole one.
unpack_pipe() {
  unpack /dev/stdin
  [[ -n $whole ]] || refuse "the bundle was cut off before its end"
}

# unpack BUNDLE: its files, below STAGING; then `whole` says whether a line E ended it.
unpack() {
  local line number=0 name out=''
  whole=
  while IFS= read -r line || [[ -n $line ]]; do
    number=$((number + 1))
    case $line in
      'F '*)
        name=${line#F }
        [[ $name =~ $ALLOWED && $name != *..* ]] ||
          refuse "line $number of the bundle: path $name is not allowed"
        [[ ! -e $STAGING/$name ]] || refuse "line $number of the bundle: $name stands there twice"
        # No fork for most: a stack of three hundred routers has a thousand files.
        [[ $name != */* || -d $STAGING/${name%/*} ]] || mkdir -p "$STAGING/${name%/*}"
        [[ -z $out ]] || exec {out}>&-
        exec {out}>"$STAGING/$name"
        ;;
      '|'*)
        [[ -n $out ]] || refuse "line $number of the bundle: text before the first path"
        printf '%s\n' "${line:1}" >&"$out"
        ;;
      E) whole=1 ;;
      *) refuse "line $number of the bundle is neither a path nor text" ;;
    esac
  done <"$1"
  [[ -n $out ]] || refuse "the bundle is empty"
  exec {out}>&-
}

# move_each FILE WORD: for services with one file each. STAGING/NAME/FILE takes the place of VOLUME/NAME/FILE by a rename,
# whole by itself; who is no longer named goes. Needs nullglob.
move_each() {
  local path name changed=0
  declare -A kept=()
  for path in "$STAGING"/*/; do
    name=$(basename "$path")
    kept[$name]=1
    mkdir -p "$VOLUME/$name"
    cmp --quiet "$path/$1" "$VOLUME/$name/$1" 2>/dev/null && continue
    mv -fT "$path/$1" "$VOLUME/$name/$1"
    changed=$((changed + 1))
  done
  for path in "$VOLUME"/*/; do
    [[ -n ${kept[$(basename "$path")]-} ]] || rm -rf "$path"
  done
  complain "${#kept[@]} $2, $changed of them changed"
}
