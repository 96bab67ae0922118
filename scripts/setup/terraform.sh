# Steps terraform, provider and env. Sourced by setup.sh.

PROVIDER_VERSION=4.6.0
MIRROR=$STATE/mirror
# The two host names a provider's source can have: terraform's default and OpenTofu's.
PROVIDER_HOSTS=(registry.terraform.io registry.opentofu.org)
PLATFORM=linux_$(dpkg --print-architecture 2>/dev/null || echo amd64)
TERRAFORM=

terraform_binary() {
  local name
  for name in terraform tofu; do
    if TERRAFORM=$(command -v "$name"); then
      found "$(first_line_of_version "$name") from PATH"
      return
    fi
  done
  TERRAFORM=$STATE/bin/tofu
  local wanted
  wanted=$(cat "$ROOT"/tools/opentofu/go.{mod,sum} | sha256sum)
  if is_whole "$TERRAFORM.built-from" "$wanted" "$TERRAFORM"; then
    found "$(first_line_of_version "$TERRAFORM") from .simpul/bin"
    return
  fi
  go_build opentofu github.com/opentofu/opentofu/cmd/tofu "$TERRAFORM" "-X github.com/opentofu/opentofu/version.dev=no"
  note_whole "$TERRAFORM.built-from" "$wanted" "$TERRAFORM"
  found "$(first_line_of_version "$TERRAFORM") built into .simpul/bin"
}

# Asks no server for news, and ignores a configuration that may name a missing file.
first_line_of_version() {
  local text
  text=$(CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$1" version)
  echo "${text%%$'\n'*}"
}

docker_provider() {
  local built_from=$MIRROR/built-from wanted host binaries=()
  for host in "${PROVIDER_HOSTS[@]}"; do binaries+=("$(provider_folder "$host")/terraform-provider-docker_v$PROVIDER_VERSION"); done
  wanted=$(cat "$ROOT"/tools/terraform-provider-docker/go.{mod,sum} | sha256sum)
  if is_whole "$built_from" "$wanted" "${binaries[@]}"; then
    found "kreuzwerker/docker $PROVIDER_VERSION in .simpul/mirror"
    return
  fi
  rm -f "$built_from"
  if provider_from_registry; then
    found "kreuzwerker/docker $PROVIDER_VERSION fetched from the provider registry"
  else
    go_build terraform-provider-docker github.com/terraform-providers/terraform-provider-docker "$WORK/provider" ""
    for host in "${PROVIDER_HOSTS[@]}"; do put_in_mirror "$host" "$WORK/provider"; done
    rm -f "$WORK/provider"
    found "kreuzwerker/docker $PROVIDER_VERSION built (no provider registry answers)"
  fi
  note_whole "$built_from" "$wanted" "${binaries[@]}"
}

provider_folder() { echo "$MIRROR/$1/kreuzwerker/docker/$PROVIDER_VERSION/$PLATFORM"; }

# A closed network says no at once or lets the call hang: 3 s tell whether it is worth trying.
provider_from_registry() {
  local host=${PROVIDER_HOSTS[0]} folder=$WORK/provider-from-registry fetched
  [[ $TERRAFORM == *tofu ]] && host=${PROVIDER_HOSTS[1]}
  curl --silent --show-error --fail --max-time 3 --output /dev/null "https://$host/.well-known/terraform.json" || return 1
  rm -rf "$folder" && mkdir -p "$folder"
  cat >"$folder/main.tf" <<TEXT
terraform {
  required_providers {
    docker = { source = "$host/kreuzwerker/docker", version = "$PROVIDER_VERSION" }
  }
}
TEXT
  TF_CLI_CONFIG_FILE=/dev/null timeout 300 "$TERRAFORM" -chdir="$folder" init -input=false -no-color || return 1
  fetched=$(find "$folder/.terraform/providers" -name 'terraform-provider-docker_v*' -type f -print -quit)
  [[ -n $fetched ]] || return 1
  for host in "${PROVIDER_HOSTS[@]}"; do put_in_mirror "$host" "$fetched"; done
  rm -rf "$folder"
}

# Under its final name only when whole: an interrupted copy is no provider.
put_in_mirror() {
  local folder target
  folder=$(provider_folder "$1")
  target=$folder/terraform-provider-docker_v$PROVIDER_VERSION
  mkdir -p "$folder"
  install -m 755 "$2" "$folder/.unfinished"
  mv "$folder/.unfinished" "$target"
}

# go_build TOOL PACKAGE TARGET LDFLAGS: from tools/TOOL, whose go.sum pins every byte.
go_build() {
  command -v go >/dev/null || stop "$1 must be built here and Go is not installed" \
    "install Go 1.26 or newer, or install terraform and open the way to the provider registry"
  echo "building $2: 2 to 5 minutes"
  mkdir -p "$(dirname "$3")"
  (cd "$ROOT/tools/$1" && retry 2 nice go build -v -mod=readonly -trimpath -ldflags "-s -w $4" -o "$3.unfinished" "$2") ||
    stop "$2 cannot be built" "see that the Go module proxy is reachable (go env GOPROXY)"
  mv "$3.unfinished" "$3"
}

# What plain `npx cdktf deploy` needs on such a machine (contract: plain `export NAME=value` lines).
environment_file() {
  local new=$WORK/env
  cat >"$STATE/terraformrc" <<TEXT
provider_installation {
  filesystem_mirror {
    path    = "$MIRROR"
    include = ["${PROVIDER_HOSTS[0]}/kreuzwerker/docker", "${PROVIDER_HOSTS[1]}/kreuzwerker/docker"]
  }
  direct {
    exclude = ["${PROVIDER_HOSTS[0]}/kreuzwerker/docker", "${PROVIDER_HOSTS[1]}/kreuzwerker/docker"]
  }
}
TEXT
  {
    echo "export TF_CLI_CONFIG_FILE='$STATE/terraformrc'"
    # cdktf locks providers for every platform, which ignores mirrors unless told.
    echo "export TF_CLI_ARGS_providers_lock='-fs-mirror=$MIRROR'"
    echo "export CHECKPOINT_DISABLE=1"
    if [[ $TERRAFORM == *tofu ]]; then echo "export TERRAFORM_BINARY_NAME=tofu"; fi
    if [[ $TERRAFORM == "$STATE"/bin/* ]]; then echo "export PATH='$STATE/bin':\"\$PATH\""; fi
    if [[ -n ${DOCKER_HOST:-} ]]; then echo "export DOCKER_HOST='$DOCKER_HOST'"; fi
  } >"$new"
  mv "$new" "$STATE/env"
  found ".simpul/env: source it before npx cdktf"
}
