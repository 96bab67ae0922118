# What every setup step uses: the line it prints, its log, progress, and how it stops.
# Sourced by setup.sh; not a program of its own.

# Everything local to this machine lives below here and is git-ignored.
STATE=$ROOT/.simpul
# Half-made things; emptied when a setup begins, for an earlier one may have been killed.
WORK=$STATE/setup-work
# Debian's own client does BuildKit; another one earlier in PATH may lack buildx.
DOCKER=/usr/bin/docker
PROGRESS_SECONDS=10

STEP=start
TICKER=
BESIDE=
STEP_LOG=/dev/null
FOUND=

prepare_state() {
  mkdir -p "$STATE"/{log,run,bin,firewall,base} 2>/dev/null || stop "$STATE cannot be written" \
    "run setup as root, from a checkout on a writable disk"
  exec {SCREEN}>&1 {ERRORS}>&2
}

# Two setups must not meet: both would load images and build the same provider.
take_lock() {
  exec {LOCK}>"$STATE/run/setup.lock"
  if ! flock --nonblock "$LOCK"; then await_lock; fi
  rm -rf --one-file-system "$WORK" && mkdir -p "$WORK"
}

await_lock() {
  echo "another setup is running on this checkout; waiting for it"
  flock --timeout 1800 "$LOCK" || stop "another setup holds $STATE/run/setup.lock for half an hour" \
    "see whether it still works: fuser $STATE/run/setup.lock"
}

# step NAME FUNCTION: runs the function with its output in .simpul/log/NAME.log and prints one
# line with what it said by `found`.
step() {
  STEP=$1 STEP_LOG=$STATE/log/$1.log FOUND=
  local began=$EPOCHREALTIME
  : >"$STEP_LOG"
  show_progress "$1" &
  TICKER=$!
  "$2" >>"$STEP_LOG" 2>&1 </dev/null
  stop_ticker
  printf '%-12s %-62s %s\n' "$1" "$FOUND" "$(seconds_since "$began") s" >&"$SCREEN"
}

# beside FUNCTION: steps that run next to those that follow, until await_beside; they say for themselves why they stop.
beside() {
  # A process group of its own: a Ctrl-C is passed on to all of it.
  set -m
  ("$1") &
  BESIDE=$!
  set +m
}

await_beside() {
  local status=0
  wait "$BESIDE" || status=$?
  BESIDE=
  if ((status)); then trap - ERR; exit "$status"; fi
}

found() { FOUND=$*; }

# Reads from a pipe that never speaks instead of forking `sleep`: a killed ticker then leaves no
# child that keeps the caller's output open.
show_progress() {
  local began=$SECONDS never last
  trap - EXIT ERR INT TERM
  exec {never}<> <(:) {LOCK}>&-
  while ! read -rt "$PROGRESS_SECONDS" -u "$never"; do
    last=$(tail -c 400 "$STEP_LOG" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1)
    printf '%-12s ... %s s  %.90s\n' "$1" $((SECONDS - began)) "$last" >&"$SCREEN"
  done
}

seconds_since() {
  local began=${1/[.,]/} now=${EPOCHREALTIME/[.,]/}
  local tenths=$(((now - began) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# stop WHY MEND: the environment is missing something. Exit code 3 is a contract (DESIGN section 9).
stop() {
  trap - ERR
  stop_ticker
  {
    echo "setup stopped at step $STEP: $1"
    echo "  to mend: $2"
    echo "  then run scripts/setup.sh again; it goes on where it stopped"
    if [[ -s $STEP_LOG ]]; then
      echo "  last lines of ${STEP_LOG#"$ROOT/"}:"
      tail -n 8 "$STEP_LOG" | sed 's/^/    /'
    fi
  } >&"${ERRORS:-2}"
  # What the others have made by then need not be made again.
  if [[ -n $BESIDE ]]; then wait "$BESIDE" || true; fi
  exit 3
}

# Whatever a step did not foresee ends here (trap ERR), a Ctrl-C in `interrupted`.
unforeseen() { stop "a command failed: $BASH_COMMAND" "read the log"; }
interrupted() {
  if [[ -n $BESIDE ]]; then kill -- "-$BESIDE" 2>/dev/null || true; fi
  echo "setup interrupted at step $STEP; the same command goes on from there" >&"${ERRORS:-2}"
  exit 130
}
stop_ticker() {
  [[ -n $TICKER ]] || return 0
  kill "$TICKER" 2>/dev/null || true
  wait "$TICKER" 2>/dev/null || true
  TICKER=
}

# retry COUNT COMMAND...: mirrors and proxies fail now and then.
retry() {
  local tries=$1 try
  shift
  for ((try = 1; try <= tries; try++)); do
    "$@" && return
    echo "try $try of $tries failed: $*"
    ((try == tries)) || sleep $((try * 2))
  done
  return 1
}

# note_whole STAMP RECIPE FILE...: these files were made whole, from this recipe.
note_whole() {
  local stamp=$1 recipe=$2
  shift 2
  { echo "$recipe" && sha256sum "$@" | cut -c 1-64; } >"$stamp.new"
  mv "$stamp.new" "$stamp"
}

# is_whole STAMP RECIPE FILE...: they still are: a full disk or a power cut may have cut one off since.
is_whole() {
  local stamp=$1 recipe=$2
  shift 2
  [[ $(cat "$stamp" 2>/dev/null) == "$(echo "$recipe" && sha256sum "$@" 2>/dev/null | cut -c 1-64)" ]]
}

runs_systemd() { [[ -d /run/systemd/system ]]; }

# Hash of a folder's file names and contents; modules/engine/images.ts computes the same.
folder_listing() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum); }
