#!/bin/bash
# simpul-carrier: brings the edges' configuration, uploaded as the one text /bundle (modules/render/config-file.ts),
# into the volume at /etc/simpul. haproxy judges each text; only when all are right are they moved into place, else
# nothing is. May be killed at any moment: the same again finishes.
#
# simpul-carrier secrets: brings certificates with their keys from standard input, in the same form, into the volume at
# /run/simpul-secrets, where only root and haproxy read them. Every one is judged: a key must be its certificate's.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
SECRETS=${SECRETS:-/run/simpul-secrets}
STAGING= # in the volume, so that moving out of it is one rename

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

configuration() {
  STAGING=$VOLUME/.staging
  ALLOWED='^[a-z0-9][a-z0-9-]*/haproxy\.cfg$'
  begin "$VOLUME"
  unpack "$BUNDLE"
  judge
  move_each haproxy.cfg edges
  rm -rf "$STAGING"
}

secrets() {
  STAGING=$SECRETS/.staging
  ALLOWED='^certs/[a-z0-9][a-z0-9.-]*\.pem$'
  umask 077
  begin "$SECRETS"
  unpack_pipe
  judge_certificates
  replace_certificates
}

# All that is wrong is said, not only what comes first.
judge() {
  local folder said wrong=0
  mkdir -p /run/haproxy # named in each text
  stand_in_for_certificates
  for folder in "$STAGING"/*/; do
    cp -r /tmp/certs "${folder}certs"
    if ! said=$(haproxy -c -f "${folder}haproxy.cfg" 2>&1); then
      complain "${folder#"$STAGING"/}haproxy.cfg: ${said//"$STAGING"\//}"
      wrong=1
    fi
    rm -rf "${folder}certs"
  done
  ((wrong == 0)) || refuse "nothing was moved"
}

# The texts name a folder beside them; the real certificates come another way.
stand_in_for_certificates() {
  mkdir -p /tmp/certs
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /CN=stand-in \
    -keyout /tmp/certs/key -out /tmp/certs/stand-in.pem 2>/dev/null
  cat /tmp/certs/key >>/tmp/certs/stand-in.pem
  rm /tmp/certs/key
}

judge_certificates() {
  local file
  for file in "$STAGING"/certs/*.pem; do
    [[ $(openssl x509 -in "$file" -noout -pubkey 2>/dev/null) == "$(openssl pkey -in "$file" -pubout 2>/dev/null)" ]] ||
      refuse "${file##*/}: the key is not that of the certificate; nothing was moved"
  done
}

# A new set beside the old, then one rename of a link: no edge sees half of it. What edges watch is the link's end.
replace_certificates() {
  local name
  name=set-$(cat "$STAGING"/certs/*.pem | sha256sum | cut -c 1-16)
  chgrp -R haproxy "$STAGING" "$SECRETS"
  chmod 0750 "$SECRETS"
  find "$STAGING" -type d -exec chmod 0750 {} +
  find "$STAGING" -type f -exec chmod 0640 {} +
  if [[ ! -d $SECRETS/$name ]]; then mv -T "$STAGING" "$SECRETS/$name"; fi
  rm -rf "$STAGING"
  ln -sfnT "$name" "$SECRETS/.current"
  mv -T "$SECRETS/.current" "$SECRETS/current"
  for path in "$SECRETS"/set-*; do
    [[ ${path##*/} == "$name" ]] || rm -rf "$path"
  done
  complain "$(find "$SECRETS/$name" -name '*.pem' | wc -l) certificates in place"
}

shopt -s nullglob
"${1:-configuration}"
