# Step engine: a Docker engine that answers. Sourced by setup.sh.

ENGINE_PID_FILE=$STATE/run/dockerd.pid
ENGINE_LOG=$STATE/log/dockerd.log
ENGINE_WAIT_SECONDS=60
# The engine starts itself anew several times for each container, and collected the garbage of a start that lasts 40 ms:
# a third of its processor time. The limit holds for the one that stays.
ENGINE_GARBAGE=(GOGC=400 GOMEMLIMIT=512MiB)

docker_engine() {
  [[ -x $DOCKER ]] || DOCKER=$(command -v docker)
  if engine_answers; then
    found "Docker $(engine_version) answers at ${DOCKER_HOST:-the local socket}"
  elif [[ -n ${DOCKER_HOST:-} ]]; then
    stop "no engine answers at DOCKER_HOST=$DOCKER_HOST" "start it, correct DOCKER_HOST, or unset it to use a local engine"
  elif runs_systemd; then
    outlive_engine
    collect_less_often
    systemctl enable --now docker
    await_engine || stop_with_log "systemd's docker.service does not answer" "systemctl status docker"
    found "Docker $(engine_version) started by systemd"
  else
    outlive_engine
    start_engine
    found "Docker $(engine_version) started in the background, log dockerd.log"
  fi
}

engine_version() { "$DOCKER" version --format '{{.Server.Version}}'; }
engine_answers() { engine_version >/dev/null 2>&1; }

# Containers run on while the engine is away: one that is started again after it was killed would else end all of them,
# and in Docker 20.10 leave them so. Who has a configuration of their own decides that there.
outlive_engine() {
  [[ ! -e /etc/docker/daemon.json ]] || return 0
  mkdir -p /etc/docker
  printf '{ "live-restore": true }\n' >/etc/docker/daemon.json.new
  mv /etc/docker/daemon.json.new /etc/docker/daemon.json
}

# A docker.service that was there before is restarted by nobody here: it has this from its next start on.
collect_less_often() {
  local folder=/etc/systemd/system/docker.service.d
  [[ ! -e $folder/simpul-garbage.conf ]] || return 0
  mkdir -p "$folder"
  printf '[Service]\nEnvironment=%s\n' "${ENGINE_GARBAGE[*]}" >"$folder/simpul-garbage.conf.new"
  mv "$folder/simpul-garbage.conf.new" "$folder/simpul-garbage.conf"
  systemctl daemon-reload
}

start_engine() {
  # After a reboot the disks of servers come back first: a container without its disk does not start.
  bash "$ROOT/scripts/setup/mount-volumes.sh" >/dev/null || stop "a size-limited volume cannot be mounted" "see the lines above, then dmesg | tail"
  forget_dead_process "$ENGINE_PID_FILE" dockerd
  forget_dead_process /var/run/docker.pid dockerd
  forget_dead_process /var/run/docker/containerd/containerd.pid containerd
  # Own session and no borrowed descriptor: the engine outlives this shell and holds no lock.
  (
    exec {LOCK}>&- {SCREEN}>&- {ERRORS}>&-
    exec env "${ENGINE_GARBAGE[@]}" setsid nohup dockerd --pidfile "$ENGINE_PID_FILE" --data-root "$ENGINE_DATA" >>"$ENGINE_LOG" 2>&1 </dev/null
  ) &
  await_engine $! || stop_with_log "the Docker engine does not start" "see $ENGINE_LOG"
}

# A killed engine leaves its pid file; when another program got that number since, dockerd
# refuses to start, or waits for a containerd that is none.
forget_dead_process() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  # One that nobody has reaped yet still has its name.
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$2" && $(cat "/proc/$pid/stat") != *") Z "* ]] || rm -f "$1"
}

# await_engine [PID]: true when it answers, false when PID ended or the time is over.
await_engine() {
  local end=$((SECONDS + ENGINE_WAIT_SECONDS))
  until engine_answers; do
    if [[ -n ${1:-} ]] && ! kill -0 "$1" 2>/dev/null; then return 1; fi
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

stop_with_log() {
  if [[ -s $ENGINE_LOG ]]; then STEP_LOG=$ENGINE_LOG; fi
  stop "$@"
}
