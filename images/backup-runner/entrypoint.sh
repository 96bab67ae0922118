#!/bin/bash
# simpul-entrypoint runner|copier: the agent beside a server, or the copier of the DRC, which alone leaves its segment and
# needs CAP_NET_ADMIN for it, given up before anything else.
set -u
case ${1-} in
  runner) exec simpul-backup-agent ;;
  copier)
    # shellcheck source=../shared/server-network.sh
    source /usr/local/lib/simpul/server-network.sh
    set_server_network || { echo "simpul: cannot set the network" >&2; exit 1; }
    exec setpriv --no-new-privs --bounding-set -all --inh-caps -all simpul-copy
    ;;
  *)
    echo "usage: simpul-entrypoint runner|copier" >&2
    exit 2
    ;;
esac
