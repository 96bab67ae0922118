# shellcheck shell=bash
# Sourced by the agent and the copier: questions to a backup server, and restic on one of its repositories. Credentials are
# in files; none is ever an argument. Needs WORK, a folder of its own.

# Beside a server on its own segment a cache saves nothing; over a line it does.
CACHE=(--no-cache)
[[ -z ${SIMPUL_BACKUP_CACHE-} ]] || CACHE=(--cache-dir "$SIMPUL_BACKUP_CACHE" --cleanup-cache)

# Mebibytes. Several packs at once lie in /tmp, which is memory, before they are sent; and the last one must fit into a
# repository that is nearly full.
export RESTIC_PACK_SIZE=4

# How the server calls whom it lets in, and what a folder of credentials holds:
#   repository  rest:https://<user>:<password>@<server>:<port>/<repository>/
#   password    of the repository's keys
#   ca.pem      the authority of the kabupaten

# rest FOLDER METHOD PATH: asks the server of these credentials; the answer is in $WORK/answer.
# Ends with 0 for 2xx, 4 for 404, 5 for a refusal, 6 for an error of the server, 7 when it was not reached.
rest() {
  local url code
  url=$(<"$1/repository")
  code=$(curl --config - --silent --show-error --connect-timeout 10 --max-time 120 --cacert "$1/ca.pem" --request "$2" \
    --header 'Accept: application/vnd.x.restic.rest.v2' --output "$WORK/answer" --write-out '%{http_code}' \
    2>"$WORK/said" <<<"url = \"${url#rest:}$3\"") || return 7
  case $code in
    2??) return 0 ;;
    404) return 4 ;;
    4??) return 5 ;;
    *) return 6 ;;
  esac
}

# names FOLDER KIND: of the repository's objects; nothing where there are none.
names() {
  rest "$1" GET "$2/"
  case $? in
    0) jq --raw-output '.[]? | .name' "$WORK/answer" ;;
    4) ;;
    *) return 1 ;;
  esac
}

# Bytes that the repository holds.
used_bytes() {
  local kind total=0 sum
  for kind in data index snapshots; do
    rest "$1" GET "$kind/"
    case $? in
      0) sum=$(jq '[.[]? | .size] | add // 0' "$WORK/answer") || return 1 ;;
      4) sum=0 ;;
      *) return 1 ;;
    esac
    total=$((total + ${sum%.*}))
  done
  echo "$total"
}

# use FOLDER: sets RESTIC, the words by which restic has these credentials.
use() {
  RESTIC=(--repository-file "$1/repository" --password-file "$1/password" --cacert "$1/ca.pem" "${CACHE[@]}")
}

# drop_own_locks FOLDER: those that a killed restic of this very host left behind. A lock of another host is never touched,
# however old it is, nor one whose process runs. Process ids come again when this host is started again: a process that
# began after the lock was taken is not the one that took it.
drop_own_locks() {
  local id lock pid taken
  use "$1"
  for id in $(names "$1" locks); do
    # Without a lock of its own, which the one that it looks at would refuse.
    lock=$(restic "${RESTIC[@]}" --no-lock cat lock "$id" 2>/dev/null) || continue
    [[ $(jq --raw-output .hostname <<<"$lock") == "$HOSTNAME" ]] || continue
    pid=$(jq --raw-output .pid <<<"$lock")
    taken=$(date -d "$(jq --raw-output .time <<<"$lock")" +%s) || continue
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == restic ]] && (($(stat --format=%Y "/proc/$pid" 2>/dev/null || echo 0) <= taken + 1)) && continue
    rest "$1" DELETE "locks/$id" && say "removed the lock $id that an earlier restic of this host left behind"
  done
}
