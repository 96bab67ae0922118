#!/bin/bash
# simpul-entrypoint send: the Pusat Data's end: servers' volumes, read-only below /volumes/SERVER, for who has the key.
# simpul-entrypoint fetch SECONDS ADDRESS SERVER...: the DRC's end: every so often each standby's volume, below
# /standbys/SERVER, gets a copy (simpul-replica).
# As root it sets the network first; that right is given up before anything else runs.
set -euo pipefail
# NET_ADMIN and SETPCAP
GIVEN_UP=-net_admin,-setpcap

# shellcheck source=../shared/server-network.sh
source /usr/local/lib/simpul/server-network.sh
set_server_network
if [[ $1 == send ]]; then
  exec setpriv --bounding-set "$GIVEN_UP" --inh-caps "$GIVEN_UP" /usr/sbin/sshd -D -e
fi
exec setpriv --bounding-set "$GIVEN_UP" --inh-caps "$GIVEN_UP" /usr/local/bin/simpul-replica loop "${@:2}"
