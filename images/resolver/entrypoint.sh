#!/bin/bash
# simpul-entrypoint NAME: one unbound. As root it only sets the network; all else runs as `unbound`, with no right but
# that to port 53. Takes over what the carrier brings to /etc/simpul/NAME without a restart and with its cache. What
# unbound refuses is not taken: the last good configuration goes on, over a restart too.
# Needs CAP_NET_ADMIN, CHOWN, SETUID, SETGID, SETPCAP, NET_BIND_SERVICE; tini needs KILL to stop it.
set -u
NAME=${1:?usage: simpul-entrypoint NAME}
TEXT=/etc/simpul/$NAME/unbound.conf
DATA=/var/lib/unbound
# What was last accepted; on a volume of bounded size, so that it outlives a restart.
GOOD=$DATA/simpul.conf
# unbound keeps its copies of our zones there.
ZONES=$DATA/zones
POLL=0.5
seen= # text that was judged last, whatever the verdict
unbound_pid=

# shellcheck source=../shared/service.sh
source /usr/local/lib/simpul/service.sh

as_root() {
  network_of_server
  mkdir -p /run/unbound && chown unbound:unbound /run/unbound "$DATA" || fail "cannot prepare its folders"
}

main() {
  mkdir -p "$ZONES" || fail "cannot write $ZONES"
  trap stop TERM INT
  until take_over_new || [[ -e $GOOD ]]; do nap "$POLL"; done
  unbound -d -p -c "$GOOD" &
  unbound_pid=$!
  say "running"
  while kill -0 "$unbound_pid" 2>/dev/null; do
    nap "$POLL"
    if take_over_new; then tell_unbound; fi
  done
  fail "unbound has ended"
}

stop() {
  [[ -z $unbound_pid ]] || { kill -TERM "$unbound_pid" 2>/dev/null && wait "$unbound_pid"; }
  exit 0
}

# True when there is a new text that is right; it then stands in $GOOD, and the one before it in $GOOD.old.
take_over_new() {
  local text='' said
  [[ -r $TEXT ]] || { say_once "waiting for the carrier"; return 1; }
  IFS= read -rd '' text <"$TEXT"
  [[ -n $text && $text != "$seen" ]] || return 1
  seen=$text
  printf '%s' "$text" >"$GOOD.new"
  if ! said=$(unbound-checkconf "$GOOD.new" 2>&1); then
    say "refused $TEXT; the last good configuration stays: $said"
    return 1
  fi
  [[ ! -e $GOOD ]] || cp "$GOOD" "$GOOD.old"
  mv "$GOOD.new" "$GOOD"
}

# What the old trust anchors proved is no proof any more: with other anchors the cache goes.
tell_unbound() {
  local how=reload_keep_cache
  [[ $(grep trust-anchor: "$GOOD") == "$(grep trust-anchor: "$GOOD.old")" ]] || how=reload
  if unbound-control -c "$GOOD" -q "$how"; then
    say "took over $TEXT ($how)"
    return
  fi
  say "could not take over $TEXT; going back"
  mv "$GOOD.old" "$GOOD"
  unbound-control -c "$GOOD" -q reload
}

if ((EUID == 0)); then
  as_root
  go_on_as unbound
fi
main
