#!/usr/bin/env bash
# Removes what is deployed: first the way terraform knows it, then by label what no state knows.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
LABEL=id.go.simpul.kabupaten

usage() {
  cat <<'TEXT'
usage: scripts/down.sh [--all]

Removes every container, network and volume of simpul from the engine. The machine stays
prepared, so the next `npm run up` is quick.

  --all   also the images, and the engine if setup started it in the background.
          States and secrets below .simpul/ stay.

Exit codes: 0 nothing of ours is left, 1 something could not be removed, 3 no engine answers.

Example:
  $ npm run down
TEXT
}

main() {
  local all=false
  case ${1:-} in
    "") ;;
    --all) all=true ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  # shellcheck source=/dev/null
  if [[ -f .simpul/env ]]; then source .simpul/env; fi
  require_engine
  destroy_stacks
  sweep containers "docker ps --all --quiet" "docker rm --force --volumes"
  sweep networks "docker network ls --quiet" "docker network rm"
  sweep volumes "docker volume ls --quiet" "docker volume rm --force"
  if $all; then remove_images && stop_engine; fi
  report_left
}

require_engine() {
  docker version >/dev/null 2>&1 && return
  echo "down: no Docker engine answers at ${DOCKER_HOST:-the local socket}, so nothing of simpul runs there." >&2
  echo "  what it was told to keep is still on its disk; to remove that: scripts/setup.sh starts the engine, then run this again" >&2
  exit 3
}

destroy_stacks() {
  if [[ ! -x scripts/simpul || ! -d node_modules ]]; then
    echo "destroy: the simpul command is not installed; removing by label only"
  elif [[ -z $(left "docker ps --all --quiet")$(left "docker network ls --quiet")$(left "docker volume ls --quiet") ]]; then
    echo "destroy: nothing of simpul is on this engine"
  else
    scripts/simpul destroy --yes || echo "destroy: it stopped (above); removing by label what is left"
  fi
}

left() { $1 --filter "label=$LABEL"; }

# sweep WHAT LIST REMOVE: in batches, so that a long sweep shows that it moves.
sweep() {
  local total removed=0 batch
  mapfile -t batch < <(left "$2")
  total=${#batch[@]}
  while ((removed < total)); do
    $3 "${batch[@]:removed:20}" >/dev/null || true
    removed=$((removed + 20 < total ? removed + 20 : total))
    echo "sweep: $removed of $total $1"
  done
}

remove_images() {
  local images
  mapfile -t images < <(docker images --filter 'reference=simpul/*' --format '{{.Repository}}:{{.Tag}}')
  ((${#images[@]} == 0)) || docker rmi --force "${images[@]}" >/dev/null
  rm -f .simpul/images.json
  echo "images: removed ${#images[@]}"
}

stop_engine() {
  local pid_file=.simpul/run/dockerd.pid pid
  pid=$(cat "$pid_file" 2>/dev/null) || return 0
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || return 0
  kill "$pid"
  local end=$((SECONDS + 30))
  while docker version >/dev/null 2>&1 && ((SECONDS < end)); do sleep 0.2; done
  echo "engine: stopped"
}

report_left() {
  docker version >/dev/null 2>&1 || return 0
  local containers networks volumes
  containers=$(left "docker ps --all --quiet" | wc -l)
  networks=$(left "docker network ls --quiet" | wc -l)
  volumes=$(left "docker volume ls --quiet" | wc -l)
  echo "left: $containers containers, $networks networks, $volumes volumes"
  ((containers + networks + volumes == 0))
}

main "$@"
