#!/bin/sh
# simpul-supervise: runs the services below /etc/service (runit starts again what ends), and stops them one and all when
# the VPS is stopped: runsvdir alone would leave at once, and the kernel would kill a database in the middle of its work.
stop() {
  trap '' TERM INT
  kill -HUP "$supervisor"
  wait "$supervisor"
  while pidof runsv >/dev/null; do sleep 0.1; done
  exit 0
}

trap stop TERM INT
runsvdir -P /etc/service &
supervisor=$!
wait "$supervisor"
