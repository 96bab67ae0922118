#!/bin/bash
# simpul-carrier secrets: brings one end's keys from standard input (modules/render/config-file.ts) into the volume at
# /run/simpul-secrets, where only root reads them. Each is judged first. May be killed at any moment: the same again finishes.
set -euo pipefail
SECRETS=${SECRETS:-/run/simpul-secrets}
STAGING=$SECRETS/.staging
ALLOWED='^(host_key|authorized_keys|key|known_hosts)$'

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

main() {
  local file said
  umask 077
  [[ ${1-} == secrets ]] || refuse "simpul-carrier secrets"
  begin "$SECRETS"
  unpack /dev/stdin
  for file in "$STAGING"/*; do
    case ${file##*/} in
      host_key | key) said=$(ssh-keygen -y -P '' -f "$file" 2>&1 >/dev/null) || refuse "${file##*/} is no private key: $said" ;;
      authorized_keys) said=$(ssh-keygen -l -f "$file" 2>&1) || refuse "authorized_keys: $said" ;;
      *) ;;
    esac
  done
  for file in "$STAGING"/*; do mv -fT "$file" "$SECRETS/${file##*/}"; done
  chmod 700 "$SECRETS"
  rm -rf "$STAGING"
}

main "$@"
