# Step kernel: what all containers of a host share by user, since root of each is the host's root (ADR-0022). Sourced by
# setup.sh.

KERNEL_FILE=$ROOT/scripts/setup/shared-limits.conf
KERNEL_BOOT_FILE=/etc/sysctl.d/60-simpul.conf

shared_limits() {
  if [[ -n ${DOCKER_HOST:-} && ${DOCKER_HOST:-} != unix://* ]]; then
    found "the engine is another machine: simpul host apply sets them there"
    return
  fi
  sysctl --quiet --load "$KERNEL_FILE" || stop "limits that all VPS share cannot be raised" \
    "run setup as root, outside a container: $KERNEL_FILE"
  if runs_systemd && ! cmp --silent "$KERNEL_FILE" "$KERNEL_BOOT_FILE"; then
    install -D -m 644 "$KERNEL_FILE" "$KERNEL_BOOT_FILE"
  fi
  found "limits by user are high enough for one tenant not to use them up"
}
