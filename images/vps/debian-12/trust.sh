#!/bin/sh
# simpul-trust: has all programs of the VPS trust the kabupaten's certificate authority, by Debian's own store: published
# names have certificates of it. The carrier brings it, so a rebuild cannot lose it, and another one is followed while the
# VPS runs (supervise.sh). What stands already costs nothing, and the first start little: one line of the store, not all.
set -eu
BROUGHT=/etc/simpul/authority.pem
OWN=/usr/local/share/ca-certificates/simpul.crt
STORE=/etc/ssl/certs

main() {
  [ -r "$BROUGHT" ] || return 0
  if ! cmp -s "$BROUGHT" "$OWN"; then
    if [ -e "$OWN" ]; then replace; else add; fi
  fi
  # The same time says to supervise.sh that there is nothing to do.
  touch -r "$BROUGHT" "$OWN"
}

add() {
  hash=$(openssl x509 -noout -subject_hash -in "$BROUGHT")
  ln -sfn "$OWN" "$STORE/simpul.pem"
  ln -sfn simpul.pem "$STORE/$hash.0"
  cat "$BROUGHT" >>"$STORE/ca-certificates.crt"
  place
}

replace() {
  place
  update-ca-certificates --fresh >/dev/null
}

place() {
  mkdir -p "${OWN%/*}"
  cp "$BROUGHT" "$OWN.new"
  mv "$OWN.new" "$OWN"
}

main
