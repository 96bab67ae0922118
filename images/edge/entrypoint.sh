#!/bin/bash
# simpul-entrypoint NAME: one HAProxy, master and worker. As root it only sets the network; all else runs as `haproxy`,
# with no right but that to ports below 1024. Takes over what the carrier brings to /etc/simpul/NAME, and certificates,
# without dropping a connection: a new worker inherits the listening sockets, the old one ends with its last answer.
# What HAProxy refuses is not taken: the last good configuration goes on, over a restart too.
# Needs CAP_NET_ADMIN, CHOWN, SETUID, SETGID, SETPCAP, NET_BIND_SERVICE; tini needs KILL to stop it.
set -u
NAME=${1:?usage: simpul-entrypoint NAME}
TEXT=/etc/simpul/$NAME/haproxy.cfg
CERTIFICATES=/run/simpul-secrets/current
# Sets of configuration and certificates, of which `live` is one; on a volume of bounded size: outlives a restart.
GOOD=/var/lib/simpul
MASTER=/run/haproxy/master.sock
POLL=0.5
seen= # text and set of certificates that were judged last, whatever the verdict
haproxy_pid=

# shellcheck source=../shared/service.sh
source /usr/local/lib/simpul/service.sh

as_root() {
  network_of_server
  (umask 077 && mkdir -p /run/haproxy "$GOOD") && chown haproxy:haproxy /run/haproxy "$GOOD" ||
    fail "cannot prepare its folders"
}

main() {
  umask 077
  rm -f /run/haproxy/*.sock
  trap stop TERM INT
  until take_over_new || [[ -e $GOOD/live ]]; do nap "$POLL"; done
  haproxy -W -S "$MASTER" -f "$GOOD/live/haproxy.cfg" &
  haproxy_pid=$!
  say "running"
  while kill -0 "$haproxy_pid" 2>/dev/null; do
    nap "$POLL"
    if take_over_new; then tell_haproxy; fi
  done
  fail "haproxy has ended"
}

# SIGUSR1 lets what is under way end; Docker's grace is the limit.
stop() {
  [[ -z $haproxy_pid ]] || { kill -USR1 "$haproxy_pid" 2>/dev/null && wait "$haproxy_pid"; }
  exit 0
}

# True when there is something new that is right; it is then `live`, and the set before it `before`.
take_over_new() {
  local text='' now set said
  [[ -r $TEXT ]] || { say_once "waiting for the carrier"; return 1; }
  [[ -d $CERTIFICATES/certs ]] || { say_once "waiting for the certificates"; return 1; }
  IFS= read -rd '' text <"$TEXT"
  # The set's inode says which it is, and -ef compares it without a fork.
  [[ -n $text ]] || return 1
  [[ $text != "$seen" || ! $CERTIFICATES/certs -ef /dev/fd/${held:-closed} ]] || return 1
  [[ -z ${held-} ]] || exec {held}<&-
  exec {held}<"$CERTIFICATES/certs" || return 1
  seen=$text
  set=set-a
  [[ $(readlink "$GOOD/live") != set-a ]] || set=set-b
  rm -rf "${GOOD:?}/$set" && mkdir "$GOOD/$set" || return 1
  printf '%s' "$text" >"$GOOD/$set/haproxy.cfg"
  cp -r "$CERTIFICATES/certs" "$GOOD/$set/certs" || { seen=; return 1; }
  if ! said=$(haproxy -c -f "$GOOD/$set/haproxy.cfg" 2>&1); then
    say "refused what is in ${TEXT%/*}; the last good configuration stays: $said"
    return 1
  fi
  before=$(readlink "$GOOD/live")
  switch_to "$set"
}

switch_to() {
  ln -sfnT "$1" "$GOOD/.live" && mv -T "$GOOD/.live" "$GOOD/live"
}

# The master reads the text again and starts a worker, which takes the sockets over before the old one lets go.
tell_haproxy() {
  if reload; then
    say "took over what is in ${TEXT%/*}"
    return
  fi
  say "could not take over what is in ${TEXT%/*}; going back"
  switch_to "$before"
  reload || fail "and cannot go back"
}

# `show proc` lists the worker that runs with the number of reloads that it was there for: 0 is a new one.
reload() {
  local tries=0 line
  kill -USR2 "$haproxy_pid" || return
  while ((tries++ < 40)); do
    nap 0.25
    line=$(socat -t 2 "$MASTER" - <<<"show proc" 2>/dev/null | grep -m 1 -E '^[0-9]+ +worker +0 ') || continue
    [[ $line != "${worker-}" ]] || continue
    worker=$line
    return 0
  done
  return 1
}

held= before= worker=
if ((EUID == 0)); then
  as_root
  go_on_as haproxy
fi
main
