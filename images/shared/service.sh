# shellcheck shell=bash
# Sourced by the entrypoints of services and routers: waiting, saying, ending, and giving up root. Needs NAME.

told= # what was said last
# Nothing ever comes from there: to read it is to wait.
exec {never}<> <(:)

# nap SECONDS [DESCRIPTOR]: without a fork, for hundreds may wait on one machine. Ends early when the descriptor's other
# end is gone.
nap() { read -rt "$1" -u "${2:-$never}" || true; }

say() { printf 'simpul: %s: %s\n' "$NAME" "$*" >&2; }

# What is looked at twice a second is said once.
say_once() {
  [[ $told == "$*" ]] || say "$*"
  told=$*
}

fail() {
  say "$*"
  exit 1
}

# network_of_server: address and way out, as root, before anything else.
network_of_server() {
  # shellcheck source=server-network.sh
  source /usr/local/lib/simpul/server-network.sh
  set_server_network || fail "cannot set the network"
}

# go_on_as USER: this program from its beginning, for good with no right but that to ports below 1024.
go_on_as() {
  exec {never}>&-
  exec setpriv --reuid "$1" --regid "$1" --init-groups --no-new-privs \
    --bounding-set -all,+net_bind_service --inh-caps -all,+net_bind_service \
    --ambient-caps -all,+net_bind_service "$0" "$NAME"
}
