#!/bin/bash
# simpul-entrypoint: FRR as Debian's init would start it, once the files stand in /etc/simpul: frr.conf, and
# nftables.conf, which is loaded first. A text that FRR refuses ends the container with its words.
# Needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN.
set -euo pipefail
FOLDER=/etc/simpul
DAEMONS=/usr/lib/frr

main() {
  until [[ -e $FOLDER/frr.conf && -e $FOLDER/nftables.conf ]]; do sleep 0.2; done
  remove_default_routes
  nft --file "$FOLDER/nftables.conf"
  install -d -o frr -g frr /run/frr
  install -m 640 -o frr -g frr "$FOLDER/frr.conf" /etc/frr/frr.conf
  : >/etc/frr/vtysh.conf
  vtysh --dryrun --inputfile /etc/frr/frr.conf
  # Netlink buffers stay the kernel's own: a container has no right to larger ones.
  "$DAEMONS/zebra" --daemon -A 127.0.0.1
  for daemon in staticd bfdd bgpd; do "$DAEMONS/$daemon" --daemon -A 127.0.0.1; done
  vtysh --boot
  trap 'exit 0' TERM INT
  while pgrep -x bgpd >/dev/null; do
    remove_default_routes
    sleep 1 &
    wait $! || true
  done
  echo "bgpd has ended" >&2
  exit 1
}

# Docker's own lead to the engine's host, and come back with each network that is plugged in.
remove_default_routes() {
  while ip -4 route delete default 2>/dev/null; do :; done
  while ip -6 route delete default 2>/dev/null; do :; done
}

main
