#!/bin/bash
# simpul-carrier: brings a VPS's files, uploaded in the one text /bundle (modules/render/config-file.ts), into the volume
# at /etc/simpul: `authorized_keys`, of which every line must be one public key without options, which ssh-keygen reads,
# `timezone`, and `authority.pem`, the certificate of the kabupaten's authority. If one is wrong, nothing is moved. What
# starts the VPS comes along, for the VPS reads this volume only (start.sh). May be killed at any moment: the same again finishes.
set -euo pipefail
BUNDLE=${BUNDLE:-/bundle}
VOLUME=${VOLUME:-/etc/simpul}
STAGING=$VOLUME/.staging
ALLOWED='^(authorized_keys|timezone|authority\.pem|database)$'
SECRETS='^(lease\.key|replication\.password|server\.pem|authority\.pem)$'
PROGRAMS=/usr/local/lib/simpul/boot

# shellcheck source=../../shared/carrier.sh
source /usr/local/lib/simpul/carrier.sh

main() {
  if [[ ${1-} == secrets ]]; then
    take_secrets
    return
  fi
  begin "$VOLUME"
  unpack "$BUNDLE"
  judge_keys
  judge_timezone
  judge_authority
  judge_database
  bring_programs
  move
  rm -rf "$STAGING"
  echo "carrier: $count keys"
}

# A key type first means no options: `command=...` or `from=...` would stand before it.
judge_keys() {
  local line said
  count=0
  [[ -e $STAGING/authorized_keys ]] || refuse "authorized_keys: is missing"
  while IFS= read -r line; do
    [[ -n $line && $line != '#'* ]] || continue
    count=$((count + 1))
    [[ $line =~ ^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa)\ [A-Za-z0-9+/]+=*(\ [^[:cntrl:]]*)?$ ]] ||
      refuse "authorized_keys: key $count is not a plain public key"
    said=$(ssh-keygen -l -f /dev/stdin <<<"$line" 2>&1) || refuse "authorized_keys: key $count: $said"
  done <"$STAGING/authorized_keys"
}

judge_timezone() {
  local zone
  [[ -e $STAGING/timezone ]] || return 0
  read -r zone <"$STAGING/timezone" || true
  [[ $zone =~ ^[A-Za-z]+/[A-Za-z_]+$ && -f /usr/share/zoneinfo/$zone ]] || refuse "timezone: there is none of that name: $zone"
}

# What the agent of a database reads (modules/render/database.ts).
judge_database() {
  local line
  [[ -e $STAGING/database ]] || return 0
  while IFS= read -r line; do
    [[ $line =~ ^(service|site|starts|mode|wal|peer|voter)(\ [a-z0-9.:-]+){1,3}$ ]] || refuse "database: not understood: $line"
  done <"$STAGING/database"
}

# Secrets of a database that has a standby: from standard input, into a volume of their own.
take_secrets() {
  local file
  VOLUME=/run/simpul-secrets STAGING=/run/simpul-secrets/.staging ALLOWED=$SECRETS
  begin "$VOLUME"
  unpack /dev/stdin
  for file in "$STAGING"/*; do
    chmod 600 "$file"
    mv -fT "$file" "$VOLUME/${file##*/}"
  done
  rm -rf "$STAGING"
  echo "carrier: secrets taken"
}

# One certificate and nothing else: whoever logs in may read it.
judge_authority() {
  local said
  [[ -e $STAGING/authority.pem ]] || return 0
  said=$(openssl x509 -in "$STAGING/authority.pem" -noout 2>&1) || refuse "authority.pem: $said"
  [[ $(grep -c -e '-----BEGIN' "$STAGING/authority.pem") == 1 ]] || refuse "authority.pem: is more than one certificate"
}

# By rename: a VPS that starts meanwhile finds the whole old one or the whole new one.
bring_programs() {
  local file
  mkdir -p "$VOLUME/boot"
  for file in "$PROGRAMS"/*; do
    cp "$file" "$STAGING/program"
    mv -fT "$STAGING/program" "$VOLUME/boot/${file##*/}"
  done
}

move() {
  local file
  for file in authorized_keys timezone authority.pem database; do
    [[ -e $STAGING/$file ]] || continue
    chmod 644 "$STAGING/$file"
    mv -fT "$STAGING/$file" "$VOLUME/$file"
  done
}

main "$@"
