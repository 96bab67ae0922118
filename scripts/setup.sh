#!/usr/bin/env bash
# Makes a bare Debian 12 machine ready for `simpul deploy`: packages, firewall, engine, terraform,
# provider, images. Idempotent: each step first looks, and does only what is missing.
set -Eeuo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in common packages firewall kernel engine terraform images acme-server; do
  # shellcheck source=/dev/null
  source "$ROOT/scripts/setup/$part.sh"
done

usage() {
  cat <<'TEXT'
usage: scripts/setup.sh [--help]

Makes this machine ready: Debian packages, npm packages, host firewall, Docker engine,
terraform or tofu with the Docker provider, base image and role images. Needs root. Run it
again whenever you like: a machine that is ready takes two seconds.

  DOCKER_HOST          the engine to use (default: the local socket; ssh://user@host works)
  SIMPUL_ENGINE_DATA   where an engine started here keeps its data (default /var/lib/docker)

Exit codes: 0 ready, 3 something is missing (says which step, why, and how to mend it).

Example:
  $ sudo scripts/setup.sh && source .simpul/env && npx cdktf list
TEXT
}

main() {
  case ${1:-} in
    "") ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  trap unforeseen ERR
  trap interrupted INT TERM
  trap stop_ticker EXIT
  local began=$EPOCHREALTIME
  check_root
  prepare_state
  take_lock
  step checks check_machine
  step packages debian_packages
  step firewall host_firewall
  step kernel shared_limits
  step engine docker_engine
  # On a bare machine images wait for packages, while others are fetched and the provider is compiled for minutes.
  beside images_from_base
  step npm npm_packages
  step terraform terraform_binary
  step provider docker_provider
  step env environment_file
  await_beside
  if [[ -n ${SIMPUL_TEST_IMAGES-} ]]; then step acme acme_server; fi
  printf '%-12s %-62s %s\n' ready "this machine can run simpul" "$(seconds_since "$began") s"
}

images_from_base() {
  step base base_image
  step images role_images
}

main "$@"
