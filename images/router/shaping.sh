# shellcheck shell=bash
# Sourced by entrypoint and carrier: puts the file `shaping` (modules/render/router-shaping.ts) in force on one device.

# shape DEVICE FILE: classes are changed where they stand, so that what waits in them is not lost; those that the file
# does not name go. While a new tree is being built, packets pass unshaped.
shape() {
  local device=$1 kind class parent rate ceiling burst quantum queue priority batch='' wanted=' '
  [[ $(tc qdisc show dev "$device" root) == "qdisc htb 1: "* ]] ||
    batch="qdisc replace dev $device root handle 1: htb default 2"$'\n'
  while read -r kind class parent rate ceiling burst quantum queue priority; do
    [[ $kind == class ]] || continue
    if [[ $parent == 0 ]]; then parent=1:; else parent=1:$parent; fi
    wanted+="1:$class "
    batch+="class replace dev $device parent $parent classid 1:$class htb rate ${rate}bit ceil ${ceiling}bit"
    batch+=" burst $burst cburst $burst quantum $quantum prio $priority"$'\n'
    [[ $queue == 0 ]] ||
      batch+="qdisc replace dev $device parent 1:$class handle $class: bfifo limit $queue"$'\n'
  done <"$2"
  tc -batch - <<<"$batch" || return
  while read -r _ _ class _; do
    [[ $wanted == *" $class "* ]] || tc class delete dev "$device" classid "$class" || return
  done < <(tc class show dev "$device")
}
