#!/bin/bash
# simpul-entrypoint PORT: one append-only restic server for all repositories below /srv/repositories. Each is a volume of
# its own, which the host mounts there while this runs; each has a user of the same name, who reaches no other
# (--private-repos), adds, and neither changes nor deletes (--append-only). rclone reads the users' file again by itself
# when it changes; with another certificate it is started again, and clients try again.
# As root it only sets the network; all else runs as `backup`, to whom repositories and secrets belong, with no right at
# all. Needs CAP_NET_ADMIN, SETUID, SETGID, SETPCAP; tini needs KILL to stop it.
set -u
PORT=${1:?usage: simpul-entrypoint PORT}
REPOSITORIES=/srv/repositories
SECRETS=/run/simpul-secrets
POLL=1
told=
rclone_pid=

as_root() {
  # shellcheck source=../shared/server-network.sh
  source /usr/local/lib/simpul/server-network.sh
  set_server_network || fail "cannot set the network"
}

main() {
  exec {never}<> <(:)
  trap stop TERM INT
  until [[ -r $SECRETS/htpasswd && -r $SECRETS/tls.pem ]]; do
    say_once "waiting for its secrets"
    nap "$POLL"
  done
  simpul-sweep "$REPOSITORIES"
  while :; do
    start
    while kill -0 "$rclone_pid" 2>/dev/null && has_its_certificate; do nap "$POLL"; done
    kill -0 "$rclone_pid" 2>/dev/null || fail "rclone has ended"
    say "another certificate: starting rclone again"
    end_rclone
  done
}

# Without a fork: there may be many servers on one machine.
nap() { read -rt "$1" -u "$never" || true; }

say() { printf 'simpul: %s\n' "$*" >&2; }

# What is looked at each second is said once.
say_once() {
  [[ $told == "$*" ]] || say "$*"
  told=$*
}

fail() {
  say "$*"
  exit 1
}

stop() {
  end_rclone
  exit 0
}

# What it is in the middle of receiving, it throws away itself; its sender tries again.
end_rclone() {
  [[ -z $rclone_pid ]] || { kill -TERM "$rclone_pid" 2>/dev/null && wait "$rclone_pid"; }
}

# A list of objects that is kept in memory would not know what Dinas prunes beside the server.
start() {
  IFS= read -rd '' certificate <"$SECRETS/tls.pem"
  rclone serve restic --config= --addr ":$PORT" --append-only --private-repos --htpasswd "$SECRETS/htpasswd" \
    --cert "$SECRETS/tls.pem" --key "$SECRETS/tls.pem" --cache-objects=false \
    --server-read-timeout 10m --server-write-timeout 1h "$REPOSITORIES" &
  rclone_pid=$!
  say "running"
}

has_its_certificate() {
  local now=''
  IFS= read -rd '' now <"$SECRETS/tls.pem" || true
  [[ -z $now || $now == "$certificate" ]]
}

certificate=
if ((EUID == 0)); then
  as_root
  exec setpriv --reuid backup --regid backup --clear-groups --no-new-privs --bounding-set -all --inh-caps -all \
    "$0" "$PORT"
fi
main
