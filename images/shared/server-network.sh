# Sourced by the entrypoints of servers: puts the service address on lo and sends all traffic to the gateway router.
# Docker's own default route would lead to the engine's host; a re-run (restart) must end in the same state.
# Needs SIMPUL_GATEWAY4, SIMPUL_GATEWAY6, SIMPUL_SERVICE4, SIMPUL_SERVICE6 (plain addresses) and CAP_NET_ADMIN. At
# SIMPUL_SHARED4 and SIMPUL_SHARED6, where they are set, it answers as others elsewhere do; it never asks from there.
# Where SIMPUL_OWN4 and SIMPUL_OWN6 are set, it has that one more, and asks the SIMPUL_PEERS4 and SIMPUL_PEERS6 from it: its
# service address may lead to the other site.
# For bash and busybox; busybox's ip knows no `nodad`.
set_server_network() {
  local tries=0 peer
  ip address replace "$SIMPUL_SERVICE4/32" dev lo
  ip -6 address replace "$SIMPUL_SERVICE6/128" dev lo
  if [ -n "${SIMPUL_SHARED4-}" ]; then
    ip address replace "$SIMPUL_SHARED4/32" dev lo
    ip -6 address replace "$SIMPUL_SHARED6/128" dev lo
  fi
  ip route replace default via "$SIMPUL_GATEWAY4" src "$SIMPUL_SERVICE4"
  while ip -6 route delete default 2>/dev/null; do :; done
  # The kernel looks at a new address before it takes it as a source; on lo that is a moment's matter.
  until ip -6 route replace default via "$SIMPUL_GATEWAY6" src "$SIMPUL_SERVICE6" 2>/dev/null || [ $((tries += 1)) -gt 50 ]; do
    sleep 0.1
  done
  ip -6 route replace default via "$SIMPUL_GATEWAY6" src "$SIMPUL_SERVICE6"
  [ -n "${SIMPUL_OWN4-}" ] || return 0
  ip address replace "$SIMPUL_OWN4/32" dev lo
  ip -6 address replace "$SIMPUL_OWN6/128" dev lo
  for peer in $SIMPUL_PEERS4; do ip route replace "$peer/32" via "$SIMPUL_GATEWAY4" src "$SIMPUL_OWN4"; done
  for peer in $SIMPUL_PEERS6; do
    tries=0
    until ip -6 route replace "$peer/128" via "$SIMPUL_GATEWAY6" src "$SIMPUL_OWN6" 2>/dev/null || [ $((tries += 1)) -gt 50 ]; do
      sleep 0.1
    done
  done
}
