#!/bin/bash
# A VPS: makes its volume and its clock ready, and runs the services below /etc/service. The network stands already, and
# the right to change it is gone (start.sh): this file, as all others of the image, root of the VPS may change. All that
# must outlive the container is under /data: host keys, /srv, /home (both links into it).
set -euo pipefail
KEY=/data/ssh/ssh_host_ed25519_key
# NET_ADMIN and SETPCAP
GIVEN_UP=$(((1 << 12) | (1 << 8)))
shopt -s nullglob

main() {
  is_confined || { echo "simpul: started without start.sh, with rights over its network; stopped" >&2; exit 1; }
  keep_data
  set_clock
  trust_authority
  prepare_kind
  adopt_services
  exec /usr/local/bin/simpul-supervise
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

# The kabupaten's time zone; a carrier of an earlier Simpul brought none.
set_clock() {
  local zone
  [[ -r /etc/simpul/timezone ]] && read -r zone </etc/simpul/timezone || return 0
  [[ -f /usr/share/zoneinfo/$zone ]] || return 0
  ln -sfn "/usr/share/zoneinfo/$zone" /etc/localtime
  echo "$zone" >/etc/timezone
}

# Without it published names are not trusted; that must not keep the owner from logging in.
trust_authority() {
  /usr/local/bin/simpul-trust || echo "simpul: the kabupaten's certificate authority could not be added" >&2
}

# What an image on this one needs on the volume. Its failure must not keep the owner from logging in.
prepare_kind() {
  [[ -x /usr/local/bin/simpul-prepare ]] || return 0
  /usr/local/bin/simpul-prepare || echo "simpul: the image's own preparation failed" >&2
}

# The tenant's own services, /srv/service/NAME/run, are kept with the volume.
adopt_services() {
  local folder
  for folder in /data/srv/service/*/; do
    [[ -x $folder/run ]] || continue
    folder=${folder%/}
    [[ -e /etc/service/${folder##*/} ]] || ln -s "$folder" "/etc/service/${folder##*/}"
  done
}

main
