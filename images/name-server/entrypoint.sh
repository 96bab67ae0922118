#!/bin/bash
# simpul-entrypoint NAME: one Knot server, primary or secondary. As root it only sets the network; all else runs as
# `knot`, with no right but that to port 53. Takes over what the carrier brings to /etc/simpul/NAME without a restart:
# a zone that changed is reloaded alone. What Knot refuses is not taken: the last good configuration goes on, over a
# restart too. Needs CAP_NET_ADMIN, CHOWN, SETUID, SETGID, SETPCAP, NET_BIND_SERVICE; tini needs KILL to stop it.
set -u
NAME=${1:?usage: simpul-entrypoint NAME}
FOLDER=/etc/simpul/$NAME
DATA=/var/lib/knot
GOOD=$DATA/simpul
KEYS=/run/simpul-secrets/ksk
POLL=0.5
seen=      # generation that was judged last, whatever the verdict
knot_pid=

# shellcheck source=../shared/service.sh
source /usr/local/lib/simpul/service.sh

as_root() {
  network_of_server
  mkdir -p /run/knot && chown knot:knot /run/knot || fail "cannot prepare /run/knot"
  # A new volume may be root's, and another image may give knot another number.
  if [[ $(stat -c %U "$DATA") != knot ]]; then
    chown -R knot:knot "$DATA" || fail "cannot take over $DATA"
  fi
}

main() {
  mkdir -p "$GOOD" || fail "cannot write $DATA"
  # What a killed one left: Knot would take its number, now another process's, for a server that runs.
  rm -f /run/knot/knot.pid
  trap stop TERM INT
  until take_over_new || [[ -e $GOOD/knot.conf ]]; do nap "$POLL"; done
  knotd --config "$GOOD/knot.conf" &
  knot_pid=$!
  say "running"
  while kill -0 "$knot_pid" 2>/dev/null; do
    nap "$POLL"
    if take_over_new; then tell_knot; fi
  done
  fail "knotd has ended"
}

stop() {
  [[ -z $knot_pid ]] || { kill -TERM "$knot_pid" 2>/dev/null && wait "$knot_pid"; }
  exit 0
}

# True when there is something new that is right; it then stands in $GOOD, and what changed in `changed`.
take_over_new() {
  local generation='' said
  [[ -r $FOLDER/generation ]] || { say_once "waiting for the carrier"; return 1; }
  IFS= read -rd '' generation <"$FOLDER/generation"
  [[ -n $generation && $generation != "$seen" ]] || return 1
  cp "$FOLDER/knot.conf" "$GOOD/knot.conf.new" || return 1
  if ! [[ -r ${KEYS%/*}/tsig.conf ]]; then
    say_once "waiting for the secrets"
    return 1
  fi
  if ! said=$(knotc --config "$GOOD/knot.conf.new" conf-check 2>&1); then
    seen=$generation
    say "refused what is in $FOLDER; the last good configuration stays: $said"
    return 1
  fi
  # Secrets come by another way; no need to look twice a second.
  import_keys "$GOOD/knot.conf.new" || { nap 3; return 1; }
  note_changes "$generation"
  seen=$generation
  [[ ! -e $GOOD/knot.conf ]] || cp "$GOOD/knot.conf" "$GOOD/knot.conf.old"
  mv "$GOOD/knot.conf.new" "$GOOD/knot.conf"
}

# Zones whose file changed; `all` when the configuration itself did.
note_changes() {
  local hash file
  changed=()
  while read -r hash file; do
    [[ "$seen" != *"$hash  $file"$'\n'* ]] || continue
    case $file in
      knot.conf) changed=(all); return ;;
      zones/*) file=${file#zones/} && changed+=("${file%.zone}.") ;;
    esac
  done <<<"$1"
}

# `reload` reads the configuration, and every zone whose file has another time.
tell_knot() {
  local control=(knotc --config "$GOOD/knot.conf" --blocking --timeout 60)
  case ${changed[*]-} in
    '') return ;;
    all)
      if "${control[@]}" reload; then say "took over what is in $FOLDER"; return; fi
      say "could not take over what is in $FOLDER; going back"
      mv "$GOOD/knot.conf.old" "$GOOD/knot.conf"
      "${control[@]}" reload
      ;;
    *)
      if "${control[@]}" zone-reload "${changed[@]}"; then say "reloaded ${changed[*]}"; return; fi
      say "Knot refused ${changed[*]} or a part; it goes on with what it had"
      ;;
  esac
}

# Before Knot sees a zone: finding no key, it would make one that is in nobody's trust anchor.
import_keys() {
  local file zone known pem tag pems
  for file in "$FOLDER"/zones/*.zone; do
    zone=${file##*/} zone=${zone%.zone}.
    pems=("$KEYS/$zone"[0-9]*.pem)
    if ((${#pems[@]} == 0)); then
      say_once "waiting for the key of $zone among the secrets"
      return 1
    fi
    known=$(keymgr --config "$1" "$zone" list 2>/dev/null)
    for pem in "${pems[@]}"; do
      tag=${pem%.pem} tag=${tag##*.}
      [[ $known != *" $tag CSK "* ]] || continue
      say "key $tag of $zone comes from the secrets"
      import_key "$1" "$zone" "$pem" || { forget_half_keys "$1"; return 1; }
    done
  done
}

import_key() {
  keymgr --config "$1" "$2" import-pem "$3" ksk=yes zsk=yes algorithm=ecdsap256sha256 >/dev/null
}

# keymgr makes a file for a key before it writes into it, and takes one that was never written for the key itself: killed
# between the two, it would refuse that key for good. What no zone has is among the secrets.
forget_half_keys() {
  local file zone known=''
  for file in "$FOLDER"/zones/*.zone; do
    zone=${file##*/}
    known+=$(keymgr --config "$1" "${zone%.zone}." list 2>/dev/null)$'\n'
  done
  for file in "$DATA"/keys/keys/*.pem; do
    zone=${file##*/}
    [[ $known == *"${zone%.pem} "* ]] || { say "key file $zone is no zone's: removed"; rm -f "$file"; }
  done
}

shopt -s nullglob
changed=()
if ((EUID == 0)); then
  as_root
  go_on_as knot
fi
main
