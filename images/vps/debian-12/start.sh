# What a VPS starts with, before anything that its tenant can write to: sets the network, and gives up the rights to
# that for good. Runs under busybox from the volume at /etc/simpul, which is read-only inside; see confine.c.
set -eu
BOOT=/etc/simpul/boot
path=$PATH
# No program of the image may run yet, whatever a script calls.
PATH=

ip() { "$BOOT/busybox" ip "$@"; }
sleep() { "$BOOT/busybox" sleep "$@"; }

# shellcheck source=../../shared/server-network.sh
. "$BOOT/server-network.sh"
set_server_network
export PATH="$path"
exec "$BOOT/confine" "$BOOT/tini" -- /usr/local/bin/simpul-entrypoint
