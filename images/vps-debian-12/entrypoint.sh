#!/bin/bash
# A VPS: runs sshd. The network stands already, and the right to change it is gone (start.sh): this file, as all others
# of the image, root of the VPS may change. All that must outlive the container is under /data: host keys, /srv, /home
# (both links into it).
set -euo pipefail
KEY=/data/ssh/ssh_host_ed25519_key
# NET_ADMIN and SETPCAP
GIVEN_UP=$(((1 << 12) | (1 << 8)))

main() {
  is_confined || { echo "simpul: started without start.sh, with rights over its network; stopped" >&2; exit 1; }
  keep_data
  exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
}

is_confined() {
  local name value
  while read -r name value; do
    if [[ $name == CapBnd: ]]; then return $(((16#$value & GIVEN_UP) != 0)); fi
  done </proc/self/status
  return 1
}

keep_data() {
  mkdir -p /data/ssh /data/srv /data/home /run/sshd
  chmod 700 /data/ssh
  [[ ! -s $KEY ]] || return 0
  # Made under another name: a key that was cut short would stay for ever.
  rm -f "$KEY.new" "$KEY.new.pub"
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$KEY.new"
  mv "$KEY.new.pub" "$KEY.pub"
  mv "$KEY.new" "$KEY"
}

main
