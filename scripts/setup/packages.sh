# Steps checks, packages and npm. Sourced by setup.sh.

NEEDED_KIB=$((6 * 1024 * 1024))
ENGINE_DATA=
# openssh-client: engines on other machines, signed evidence; openssl: certificates of published names; e2fsprogs and
# util-linux: VPS disks; age: sealed copies of backup keys.
DEBIAN_PACKAGES=(docker.io mmdebstrap nftables iptables e2fsprogs util-linux iproute2 procps
  ca-certificates curl git openssh-client openssl age)
# What only tests need.
if [[ -n ${SIMPUL_TEST_IMAGES:-} ]]; then DEBIAN_PACKAGES+=(shellcheck cron); fi

check_root() {
  STEP=checks
  ((EUID == 0)) || stop "this is not root, but user $(id -un)" \
    "run it as root: sudo scripts/setup.sh (packages, the engine and the firewall need it)"
}

check_machine() {
  local node_major existing free
  command -v node >/dev/null || stop "Node.js is not installed" "install Node.js 20 or newer with npm"
  node_major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  ((node_major >= 20)) || stop "Node.js is $(node --version), too old" "install Node.js 20 or newer"
  ENGINE_DATA=$(engine_data)
  existing=$ENGINE_DATA
  while [[ ! -e $existing ]]; do existing=$(dirname "$existing"); done
  free=$(df --output=avail -k "$existing" | tail -n 1)
  ((free >= NEEDED_KIB)) || stop \
    "$existing has $((free / 1024)) MiB of disk free; images and volumes need 6 GiB" \
    "free some space, or set SIMPUL_ENGINE_DATA to a folder on a larger disk"
  found "root, Node.js $(node --version), $((free / 1024 / 1024)) GiB free in $ENGINE_DATA"
}

# Where the engine keeps, or will keep, its images and volumes.
engine_data() {
  if [[ -n ${SIMPUL_ENGINE_DATA:-} ]]; then
    echo "$SIMPUL_ENGINE_DATA"
  else
    "$DOCKER" info --format '{{.DockerRootDir}}' 2>/dev/null | grep / || echo /var/lib/docker
  fi
}

debian_packages() {
  local missing
  command -v dpkg-query >/dev/null || stop "this is not Debian: dpkg is missing" "use a Debian 12 machine"
  missing=$(missing_packages)
  if [[ -z $missing ]]; then
    found "${#DEBIAN_PACKAGES[@]} Debian packages are there"
    return
  fi
  # A killed dpkg leaves packages unpacked but not configured.
  dpkg --configure -a || true
  # shellcheck disable=SC2086
  apt_install $missing || apt_update_and_install $missing || stop \
    "Debian packages cannot be installed: ${missing//$'\n'/ }" \
    "see that the network and the sources in /etc/apt work: apt-get update"
  found "installed ${missing//$'\n'/ }"
}

missing_packages() {
  local installed
  # dpkg-query fails when it knows nothing of one of them: that is an answer, not an error.
  installed=$(dpkg-query --show --showformat '${db:Status-Abbrev}|${Package}\n' "${DEBIAN_PACKAGES[@]}" 2>/dev/null |
    sed -n 's/^ii *|//p') || true
  comm -23 <(printf '%s\n' "${DEBIAN_PACKAGES[@]}" | sort) <(sort <<<"$installed")
}

# The lists on the machine are often fresh enough; an update first would cost seconds each time.
apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}

apt_update_and_install() {
  retry 2 apt-get update -o Acquire::Retries=2 -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=300 &&
    retry 2 apt_install "$@"
}

npm_packages() {
  cd "$ROOT"
  if node scripts/setup/npm-packages-match.mjs; then
    found "node_modules matches package-lock.json"
    return
  fi
  # Not `npm ci`: it refuses a lock that lacks optional packages for other platforms, and a lock
  # made where the registry does not serve those always does. What was laid is compared instead.
  retry 2 npm install --no-save --no-audit --no-fund || npm_failed
  node scripts/setup/npm-packages-match.mjs || npm_failed
  found "npm packages laid as package-lock.json says"
}

npm_failed() { stop "npm packages cannot be installed" "see that the npm registry is reachable (npm ping) and package-lock.json is in step with package.json"; }
