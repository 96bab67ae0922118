# Step firewall: the nftables tables of host-firewall.nft on the machine the engine runs on.
# Fail-closed: no engine is started on a host where they are not in force. Sourced by setup.sh.

FIREWALL_FILE=$ROOT/scripts/setup/host-firewall.nft
FIREWALL_BOOT_FILE=/etc/simpul/host-firewall.nft
# How nft is run on the engine's host, and where the fingerprint of its rules is kept.
ENGINE_NFT=(nft)
FIREWALL_STAMP=$STATE/firewall/local

host_firewall() {
  local host="this host" did="in force"
  case ${DOCKER_HOST:-unix://} in
    unix://*) ;;
    ssh://*) use_remote_nft "${DOCKER_HOST#ssh://}" && host=${DOCKER_HOST#ssh://} ;;
    *) stop "DOCKER_HOST=$DOCKER_HOST is another machine: the firewall must be on that host and cannot be loaded from here" \
      "name the engine as ssh://user@host, or run setup on that machine with DOCKER_HOST unset" ;;
  esac
  if [[ $(cat "$FIREWALL_STAMP" 2>/dev/null) != "$(firewall_fingerprint)" ]]; then
    "${ENGINE_NFT[@]}" --file - <"$FIREWALL_FILE" || stop "the host firewall cannot be loaded on $host" \
      "see that nftables is installed there, may be run (root or sudo) and that the kernel has nf_tables for inet, bridge and arp"
    firewall_fingerprint >"$FIREWALL_STAMP"
    did="loaded"
  fi
  if [[ $host == "this host" ]] && runs_systemd; then firewall_at_boot; fi
  found "$did: bridges smp* reach neither $host nor each other"
}

# use_remote_nft USER@HOST[:PORT]: the quoted words are for the shell over there.
use_remote_nft() {
  [[ $1 =~ ^([^:/]+)(:([0-9]+))?/?$ ]] || stop "DOCKER_HOST=ssh://$1 is not ssh://user@host[:port]" "correct it"
  # shellcheck disable=SC2016
  ENGINE_NFT=(ssh -o BatchMode=yes -o ConnectTimeout=10 -p "${BASH_REMATCH[3]:-22}" "${BASH_REMATCH[1]}"
    '$(command -v sudo >/dev/null && echo sudo -n) nft')
  FIREWALL_STAMP=$STATE/firewall/${BASH_REMATCH[1]}
}

# Hash of the rules as they stand in the kernel (without counters) and of the file they came
# from, so that both an edited file and a flushed table are seen. modules/engine/firewall.ts
# computes the same.
firewall_fingerprint() {
  {
    cat "$FIREWALL_FILE"
    local family
    for family in bridge inet arp; do "${ENGINE_NFT[@]}" --stateless list table "$family" simpul 2>/dev/null || true; done
  } | sha256sum | cut -d ' ' -f 1
}

# At boot the engine starts containers by itself: it must not, without the tables.
firewall_at_boot() {
  cmp --silent "$FIREWALL_FILE" "$FIREWALL_BOOT_FILE" && systemctl is-enabled --quiet simpul-firewall && return
  install -D -m 644 "$FIREWALL_FILE" "$FIREWALL_BOOT_FILE"
  install -D -m 644 "$ROOT/scripts/setup/simpul-firewall.service" /etc/systemd/system/simpul-firewall.service
  install -D -m 644 "$ROOT/scripts/setup/docker-needs-firewall.conf" \
    /etc/systemd/system/docker.service.d/simpul-firewall.conf
  systemctl daemon-reload
  systemctl enable simpul-firewall
}
