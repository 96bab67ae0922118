#!/bin/bash
# simpul-carrier: brings a VPS's file `authorized_keys`, uploaded in the one text /bundle
# (modules/render/config-file.ts), into the volume at /etc/simpul. Every line must be one public key without options,
# which ssh-keygen reads; else nothing is moved. What starts the VPS comes along, for the VPS reads this volume only
# (start.sh). May be killed at any moment: the same again finishes.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
STAGED=$VOLUME/.authorized_keys.new
PROGRAMS=/usr/local/lib/simpul/boot

main() {
  unpack
  judge
  bring_programs
  chmod 644 "$STAGED"
  mv -fT "$STAGED" "$VOLUME/authorized_keys"
  echo "carrier: $count keys"
}

refuse() {
  printf 'carrier: authorized_keys: %s\n' "$*" >&2
  rm -f "$STAGED"
  exit 1
}

unpack() {
  local line first=1
  : >"$STAGED"
  while IFS= read -r line || [[ -n $line ]]; do
    if ((first)); then
      [[ $line == "F authorized_keys" ]] || refuse "the bundle holds something else: $line"
      first=0
    elif [[ $line == '|'* ]]; then
      printf '%s\n' "${line:1}" >>"$STAGED"
    else
      refuse "the bundle holds something else: $line"
    fi
  done <"$BUNDLE"
  ((first == 0)) || refuse "the bundle is empty"
}

# By rename: a VPS that starts meanwhile finds the whole old one or the whole new one.
bring_programs() {
  local file staged=$VOLUME/.program.new
  mkdir -p "$VOLUME/boot"
  for file in "$PROGRAMS"/*; do
    cp "$file" "$staged"
    mv -fT "$staged" "$VOLUME/boot/${file##*/}"
  done
}

# A key type first means no options: `command=...` or `from=...` would stand before it.
judge() {
  local line said
  count=0
  while IFS= read -r line; do
    [[ -n $line && $line != '#'* ]] || continue
    count=$((count + 1))
    [[ $line =~ ^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa)\ [A-Za-z0-9+/]+=*(\ [^[:cntrl:]]*)?$ ]] ||
      refuse "key $count is not a plain public key"
    said=$(ssh-keygen -l -f /dev/stdin <<<"$line" 2>&1) || refuse "key $count: $said"
  done <"$STAGED"
}

main
