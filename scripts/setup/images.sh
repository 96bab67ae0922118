# Steps base and images: Debian 12 from the mirror apt uses, and one image per role on it.
# Sourced by setup.sh; modules/engine/images.ts reads what it writes, .simpul/images.json.

BASE_TAG=
BASE_CREATED=2025-01-01T00:00:00Z
# What servers of agencies are made of, by the names that VPS files use: folders of images/vps/, each on the first.
VPS_BASE=vps-debian-12
VPS_ROLES=("$VPS_BASE" vps-nginx-php vps-nodejs vps-postgresql-15)
ROLES=(router name-server resolver edge replica voter backup-server backup-runner backup-proof "${VPS_ROLES[@]}")
# What only tests start: built where SIMPUL_TEST_IMAGES is set, as scripts/test.sh does, and kept in the index from then on.
TEST_ROLES=(frr-device edge-client test-internet)
IMAGE_INDEX=$STATE/images.json

base_image() {
  local recipe tar=$STATE/base/base.tar
  recipe=$(folder_listing "$ROOT/images/base" | sha256sum | cut -c 1-12)
  BASE_TAG=simpul/base:$recipe
  if "$DOCKER" image inspect "$BASE_TAG" >/dev/null 2>&1; then
    found "$BASE_TAG is there"
    return
  fi
  if ! is_whole "$tar.recipe" "$recipe" "$tar"; then make_base_tar "$tar" "$recipe"; fi
  load_base "$tar"
  found "$BASE_TAG made by mmdebstrap"
}

make_base_tar() {
  rm -f "$1.recipe"
  retry 2 bootstrap_debian "$1.unfinished" || stop "the base image cannot be made" \
    "see that the Debian mirror in /etc/apt is reachable: apt-get update"
  mv "$1.unfinished" "$1"
  note_whole "$1.recipe" "$2" "$1"
}

bootstrap_debian() {
  rm -f "$1"
  TMPDIR=$WORK "$ROOT/images/base/bootstrap" "$1"
}

# `docker import` gives a new id each time; this archive's id depends on the tar only.
load_base() {
  local folder=$WORK/base-archive layer config
  rm -rf "$folder" && mkdir -p "$folder"
  layer=$(sha256sum "$1" | cut -d ' ' -f 1)
  printf '{"architecture":"%s","os":"linux","created":"%s","config":{"Cmd":["/bin/sh"],"Env":["PATH=%s"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"mmdebstrap"}]}' \
    "$(dpkg --print-architecture)" "$BASE_CREATED" /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "$layer" "$BASE_CREATED" >"$folder/config"
  config=$(sha256sum "$folder/config" | cut -d ' ' -f 1)
  mv "$folder/config" "$folder/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$BASE_TAG" >"$folder/manifest.json"
  ln "$1" "$folder/layer.tar"
  tar --create --directory "$folder" --format=ustar manifest.json "$config.json" layer.tar | "$DOCKER" load --quiet
  rm -rf "$folder"
}

role_images() {
  local base role tag built=() failed=() tags=()
  for role in "${ROLES[@]}" "${TEST_ROLES[@]}"; do
    base=$(base_of "$role" "${tags[@]}")
    [[ -n $base ]] || { failed+=("$role"); continue; }
    tag=simpul/$role:$(role_hash "$role" "$("$DOCKER" image inspect --format '{{.Id}}' "$base")")
    if "$DOCKER" image inspect "$tag" >/dev/null 2>&1; then
      tags+=("$tag")
    elif [[ -z ${SIMPUL_TEST_IMAGES-} && " ${TEST_ROLES[*]} " == *" $role "* ]]; then
      continue
    elif build_role "$role" "$tag" "$base"; then
      tags+=("$tag") built+=("$role")
    else
      failed+=("$role")
    fi
  done
  write_index "${tags[@]}"
  ((${#failed[@]} == 0)) || stop "images cannot be built: ${failed[*]}" \
    "see the log; if packages cannot be fetched: $DOCKER run --rm $BASE_TAG apt-get update"
  if ((${#built[@]})); then found "built ${built[*]}"; else found "${#ROLES[@]} role images are there: ${ROLES[*]}"; fi
}

# base_of ROLE TAG...: what it stands on, of the tags that are there; nothing where that could not be built.
base_of() {
  local role=$1 tag
  shift
  if [[ $role != vps-* || $role == "$VPS_BASE" ]]; then
    echo "$BASE_TAG"
    return
  fi
  for tag in "$@"; do [[ $tag != "simpul/$VPS_BASE:"* ]] || echo "$tag"; done
}

# folder_of ROLE: below images/.
folder_of() { case $1 in vps-*) echo "vps/${1#vps-}" ;; *) echo "$1" ;; esac }

role_hash() {
  { folder_listing "$ROOT/images/$(folder_of "$1")"; folder_listing "$ROOT/images/shared"; echo "base $2"; } | sha256sum | cut -c 1-12
}

# build_role ROLE TAG BASE. Only a finished build gets its tag, so an interrupted one is simply built again.
build_role() {
  echo "building $2"
  DOCKER_BUILDKIT=1 retry 2 "$DOCKER" build --progress plain --build-arg "BASE=$3" \
    --tag "$2" --file "$ROOT/images/$(folder_of "$1")/Dockerfile" "$ROOT/images"
}

# write_index TAG...: {"router": {"tag": "simpul/router:...", "id": "sha256:..."}, ...}
write_index() {
  local tag separator='' role
  {
    printf '{'
    for tag in "$@"; do
      role=${tag#simpul/} role=${role%%:*}
      printf '%s\n  "%s": {"tag": "%s", "id": "%s"}' "$separator" "$role" "$tag" \
        "$("$DOCKER" image inspect --format '{{.Id}}' "$tag")"
      separator=,
    done
    printf '\n}\n'
  } >"$IMAGE_INDEX.unfinished"
  mv "$IMAGE_INDEX.unfinished" "$IMAGE_INDEX"
}
