#!/bin/bash
# simpul-entrypoint NAME: one router. Loads its packet filter, puts its addresses on lo, runs BIRD, and takes over
# whatever the carrier moves into /etc/simpul/NAME without dropping a session. Texts that are refused are not taken:
# the last good ones go on; after a restart, those that
# the carrier brought before. Runs under tini with CAP_NET_ADMIN and nothing else.
set -u
shopt -s nullglob
NAME=${1:?usage: simpul-entrypoint NAME}
FOLDER=/etc/simpul/$NAME
# What the carrier had brought before: stands in for the last good ones after a start.
BEFORE=/etc/simpul/.before/$NAME
FILES=(nftables.conf addresses shaping bird.conf)
# What was last accepted; in memory, as all that a router writes.
GOOD=/run/simpul
CONTROL=/run/bird/bird.ctl
POLL=2
NULL6=00000000000000000000000000000000
# Metric of the routes that BIRD sets, as the kernel lists it.
BIRDS6=00000020

# shellcheck source=../shared/service.sh
source /usr/local/lib/simpul/service.sh
# shellcheck source=shaping.sh
source /usr/local/lib/simpul/shaping.sh
# shellcheck source=moves.sh
source /usr/local/lib/simpul/moves.sh

declare -A held=() # file -> descriptor of the one judged last, whatever the verdict
bird=              # process id
interfaces=        # names and indices, as last seen
looks=0            # how often the interfaces were looked at since they changed

main() {
  mkdir -p "$GOOD" /run/bird
  [[ ! -e $BEFORE/bird.conf ]] || cp "${FILES[@]/#/$BEFORE/}" "$GOOD/" || fail "cannot read $BEFORE"
  trap stop TERM INT
  until [[ -n $bird ]]; do
    if folder_changed; then with_moves take_over; fi
    if [[ -z $bird && -e $GOOD/bird.conf ]]; then with_moves start_again || fail "the last good configuration is refused"; fi
    if [[ -z $bird ]]; then nap "$POLL"; fi
  done
  while kill -0 "$bird" 2>/dev/null; do
    nap "$POLL" "$alive"
    follow_interfaces
    if folder_changed; then with_moves take_over; fi
  done
  fail "bird has ended"
}

# BIRD tells its neighbours that it goes, which is faster than letting them find out. Its routes stay in the kernel
# (`persist`): what they still send, until they have turned to others, is forwarded.
stop() {
  local kind seconds
  trap '' TERM INT
  if [[ -n $bird ]] && kill -TERM "$bird" 2>/dev/null; then
    nap 1 "$alive"
    while read -r kind seconds _; do [[ $kind != drain ]] || nap "$seconds"; done <"$GOOD/addresses"
  fi
  exit 0
}

# The carrier renames new files into place, and a file that is held open keeps its inode: to compare the two misses
# no change, as times could, and reads nothing.
folder_changed() {
  local file
  for file in "${FILES[@]}"; do [[ -e $FOLDER/$file ]] || return 1; done
  for file in "${FILES[@]}"; do
    [[ -n ${held[$file]-} && $FOLDER/$file -ef /dev/fd/${held[$file]} ]] || return 0
  done
  return 1
}

# Once more while the carrier is still moving one of them.
hold_folder() {
  local file descriptor tries=0
  while folder_changed && ((tries++ < 10)); do
    for file in "${FILES[@]}"; do
      if [[ -n ${held[$file]-} ]]; then
        descriptor=${held[$file]}
        exec {descriptor}<&-
        unset "held[$file]"
      fi
      { exec {descriptor}<"$FOLDER/$file"; } 2>/dev/null || return
      held[$file]=$descriptor
    done
    nap 0.2
  done
}

take_over() {
  local file
  hold_folder || return
  rm -rf "$GOOD/new" "$GOOD/old"
  mkdir "$GOOD/new" "$GOOD/old"
  for file in "${FILES[@]}"; do cp "/dev/fd/${held[$file]}" "$GOOD/new/$file" || return; done
  if ! as_switched "$GOOD/new/bird.conf" || ! texts_are_right "$GOOD/new"; then
    say "refused what is in $FOLDER"
    return
  fi
  if [[ -e $GOOD/bird.conf ]]; then cp "${FILES[@]/#/$GOOD/}" "$GOOD/old/"; fi
  mv "$GOOD/new/"* "$GOOD/"
  if put_in_force; then
    remove_old_addresses
    say "took over what is in $FOLDER"
    return
  fi
  say "could not take over what is in $FOLDER"
  rm -f "${FILES[@]/#/$GOOD/}"
  [[ -e $GOOD/old/bird.conf ]] || fail "and there is nothing to go back to"
  mv "$GOOD/old/"* "$GOOD/"
  put_in_force || fail "and cannot go back"
}

texts_are_right() {
  bird -p -c "$1/bird.conf" && nft --check --file "$1/nftables.conf"
}

put_in_force() {
  if [[ -z $bird ]]; then start; else apply_filter && apply_addresses && apply_shaping && reconfigure; fi
}

# With what was accepted last; a move may have been recorded while it stood still.
start_again() { as_switched "$GOOD/bird.conf" && start; }

# The filter comes first: there is no moment at which packets pass unfiltered.
start() {
  interfaces=
  apply_filter && follow_interfaces || return
  rm -f "$CONTROL"
  # BIRD holds the other end of this pipe as its standard output: to read it is to wait for BIRD's end.
  exec {alive}< <(exec bird -f -c "$GOOD/bird.conf" -s "$CONTROL")
  bird=$!
}

# One transaction, made so by the text itself; tracked connections live on.
apply_filter() { nft --file "$GOOD/nftables.conf"; }

# birdc exits with 0 when BIRD refuses, too.
reconfigure() {
  local answer
  answer=$(birdc -s "$CONTROL" configure 2>&1)
  [[ $answer == *Reconfigur* ]] || { say "$answer"; return 1; }
}

# Reads the file `addresses`: lines `lo ADDRESS/LENGTH` and `segment NUMBER ADDRESS NAME`; `drain SECONDS` is for stop.
apply_addresses() {
  local kind what address
  while read -r kind what address _; do
    case $kind in
      lo) ip address replace "$what" dev lo || return ;;
      segment) number_interface "$what" "$address" || return ;;
    esac
  done <"$GOOD/addresses"
}

# Reads the file `shaping`; an interface that Docker has not plugged in yet is shaped when it comes.
apply_shaping() {
  local kind number device
  while read -r kind number _; do
    [[ $kind == on ]] || continue
    while read -r _ device _; do
      device=${device%:}
      shape "${device%@*}" "$GOOD/shaping" || return
    done < <(ip -oneline link show group "$number")
  done <"$GOOD/shaping"
}

# Only after BIRD has moved its routes to the new source: with an address the kernel drops the routes that name it.
remove_old_addresses() {
  local kind address wanted=' '
  [[ -e $GOOD/old/addresses ]] || return 0
  while read -r kind address _; do [[ $kind != lo ]] || wanted+="$address "; done <"$GOOD/addresses"
  while read -r kind address _; do
    [[ $kind != lo || $wanted == *" $address "* ]] || ip address delete "$address" dev lo
  done <"$GOOD/old/addresses"
}

# number_interface NUMBER ADDRESS: the packet filter knows segments by interface group, for ethN says nothing about the
# network behind it. A segment that Docker has not plugged in yet gets its number when it comes.
number_interface() {
  local device address
  while read -r _ device _ address _; do
    [[ ${address%/*} != "$2" ]] || ip link set dev "$device" group "$1" || return
  done < <(ip -oneline -4 address show)
}

# Docker may plug in a network late, and sets its default routes again each time: the engine's host is no next hop.
follow_interfaces() {
  local now='' folder index
  for folder in /sys/class/net/*; do
    if [[ -r $folder/ifindex ]] && read -r index <"$folder/ifindex"; then now+="${folder##*/}=$index "; fi
  done
  if [[ $now != "$interfaces" ]]; then
    apply_addresses && apply_shaping || return
    interfaces=$now
    looks=0
  fi
  # Docker sets routes when it plugs something in, so that is when they are looked at; else to be sure, for the list is
  # long and hundreds of routers read it.
  if ((looks++ < 5 || looks % 15 == 0)); then remove_default_routes; fi
}

# The kernel lists IPv4's default routes first, by rising metric; IPv6's anywhere, beside null entries on lo. Docker's
# are `proto boot`, with metric 0 in IPv4; the one that BIRD has learnt from the exit stays.
remove_default_routes() {
  local destination='' metric='' lines line
  { read -r && read -r _ destination _ _ _ _ metric _; } </proc/net/route
  if [[ $destination == 00000000 && $metric == 0 ]]; then
    while ip -4 route delete default proto boot 2>/dev/null; do :; done
  fi
  mapfile -t lines </proc/net/ipv6_route
  for line in "${lines[@]}"; do
    [[ $line != "$NULL6 00 "* || $line == *" lo" || $line == "$NULL6 00 $NULL6 00 "????????????????????????????????" $BIRDS6 "* ]] ||
      ip -6 route delete default proto boot
  done
  return 0
}

main
