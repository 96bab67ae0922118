#!/bin/bash
# A voter: sets the network of a server behind a router, and answers.
set -euo pipefail
# shellcheck source=../shared/server-network.sh
source /usr/local/lib/simpul/server-network.sh
set_server_network
exec /usr/local/bin/simpul-voter
