#!/bin/sh
# packages.sh missing|install|fetch NAME...: the Debian packages that a VPS's file lists.
#   missing   says which of them are not installed
#   install   installs those from the store: inside the VPS, which needs no network for it
#   fetch     fills the store with them and all they need beyond the image: beside the VPS, in a container of its image
#             that reaches the mirror
# The store, /etc/simpul/packages, is a flat Debian repository in the volume that a VPS reads only: it outlives the container.
set -eu
STORE=/etc/simpul/packages
PRIVATE=/var/lib/simpul-packages
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

main() {
  task=$1
  shift
  mkdir -p "$PRIVATE/lists/partial"
  case $task in
    missing) missing "$@" ;;
    install) install_from_store "$@" ;;
    fetch) fetch "$@" ;;
    *) exit 2 ;;
  esac
}

missing() {
  for name in "$@"; do
    state=$(dpkg-query --show --showformat '${db:Status-Status}\n' "$name" 2>/dev/null | head -n 1) || true
    [ "$state" = installed ] || echo "$name"
  done
}

# What is installed already stays as it is: a reinstall must upgrade nothing.
install_from_store() {
  names=$(missing "$@")
  [ -n "$names" ] || return 0
  [ -e "$STORE/Packages" ] || { echo "the store is empty" >&2; exit 1; }
  echo "deb [trusted=yes] file:$STORE ./" >"$PRIVATE/store.list"
  set -- -o "Dir::Etc::SourceList=$PRIVATE/store.list" -o Dir::Etc::SourceParts=/nonexistent \
    -o "Dir::State::Lists=$PRIVATE/lists" -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold
  apt-get "$@" --quiet update
  # shellcheck disable=SC2086
  apt-get "$@" --quiet --yes --no-install-recommends install $names </dev/null
}

fetch() {
  staging=$STORE.new
  rm -rf "$staging"
  mkdir -p "$staging/partial"
  apt_options
  apt-get $options --quiet update
  apt-get $options -o "Dir::Cache::Archives=$staging" --quiet --yes --no-install-recommends --download-only install "$@" </dev/null
  rm -rf "$staging/partial" "$staging/lock"
  index "$staging"
  rm -rf "$STORE"
  mv "$staging" "$STORE"
}

# Another source than the image's own where the Dinas has its own mirror.
apt_options() {
  options="-o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o APT::Update::Error-Mode=any"
  [ -n "${SIMPUL_PACKAGE_SOURCE-}" ] || return 0
  echo "$SIMPUL_PACKAGE_SOURCE" >"$PRIVATE/source.list"
  options="$options -o Dir::Etc::SourceList=$PRIVATE/source.list -o Dir::Etc::SourceParts=/nonexistent"
}

index() {
  for archive in "$1"/*.deb; do
    [ -e "$archive" ] || continue
    dpkg-deb --field "$archive"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${archive##*/}" "$(stat --format %s "$archive")" \
      "$(sha256sum "$archive" | cut -d ' ' -f 1)"
  done >"$1/Packages"
}

main "$@"
