#!/bin/sh
# simpul-supervise: runs the services below /etc/service (runit starts again what ends), and stops them one and all when
# the VPS is stopped: runsvdir alone would leave at once, and the kernel would kill a database in the middle of its work.
BROUGHT=/etc/simpul/authority.pem
TRUSTED=/usr/local/share/ca-certificates/simpul.crt

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
# Another authority takes the place of the one before within half a minute.
while kill -0 "$supervisor" 2>/dev/null; do
  sleep 30 &
  wait "$!"
  if [ "$BROUGHT" -nt "$TRUSTED" ] || [ "$BROUGHT" -ot "$TRUSTED" ]; then
    simpul-trust || echo "simpul: the kabupaten's certificate authority could not be replaced" >&2
  fi
done
