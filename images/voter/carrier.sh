#!/bin/bash
# simpul-carrier secrets: takes the voters' key from standard input (modules/render/config-file.ts) into the volume at
# /run/simpul-secrets. May be killed at any moment: the same again finishes.
set -euo pipefail
VOLUME=/run/simpul-secrets
STAGING=$VOLUME/.staging
ALLOWED='^voters\.key$'

# shellcheck source=../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

main() {
  local key
  [[ ${1-} == secrets ]] || refuse "only secrets come this way"
  begin "$VOLUME"
  unpack_pipe
  read -r key <"$STAGING/voters.key"
  [[ $key =~ ^[0-9a-f]{64}$ ]] || refuse "voters.key: is no key"
  chmod 600 "$STAGING/voters.key"
  mv -fT "$STAGING/voters.key" "$VOLUME/voters.key"
  rm -rf "$STAGING"
  echo "carrier: 1 key"
}

main "$@"
