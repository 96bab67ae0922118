# Sourced by the entrypoints of servers: puts the service address on lo and sends all traffic to the gateway router.
# Docker's own default route would lead to the engine's host; a re-run (restart) must end in the same state.
# Needs SIMPUL_GATEWAY4, SIMPUL_GATEWAY6, SIMPUL_SERVICE4, SIMPUL_SERVICE6 (plain addresses) and CAP_NET_ADMIN. At
# SIMPUL_SHARED4 and SIMPUL_SHARED6, where they are set, it answers as others elsewhere do; it never asks from there.
# For bash and busybox; busybox's ip knows no `nodad`.
set_server_network() {
  local tries=0
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
}
