#!/bin/bash
# A VPS: sets its network with rights that it then gives up for good, and runs sshd. All that must outlive the
# container is under /data: host keys, /srv, /home (both links into it).
set -euo pipefail
KEY=/data/ssh/ssh_host_ed25519_key
# Once the network stands, nobody inside may change it. The other rights that a root could misuse, the container never
# has (modules/constructs/vps.ts).
GIVEN_UP=-net_admin,-setpcap
GIVEN_UP_BITS=$(((1 << 12) | (1 << 8)))

main() {
  # shellcheck source=/dev/null
  source /usr/local/lib/simpul/server-network.sh
  set_server_network
  keep_data
  exec setpriv --bounding-set "$GIVEN_UP" --inh-caps "$GIVEN_UP" "$0" serve
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

# setpriv says nothing when it may not drop (no CAP_SETPCAP): look, rather than trust.
serve() {
  local name value
  while read -r name value; do
    if [[ $name == CapBnd: ]] && (((16#$value & GIVEN_UP_BITS) == 0)); then
      exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
    fi
  done </proc/self/status
  echo "simpul: the network's rights could not be given up; not started" >&2
  exit 1
}

if [[ ${1-} == serve ]]; then serve; else main; fi
