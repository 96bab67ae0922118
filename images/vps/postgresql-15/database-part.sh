#!/bin/bash
# simpul-database-part status                what the database of this VPS is, a word and its value a line
# simpul-database-part standby               it ends as primary, and follows the other site
# simpul-database-part primary EPOCH         it becomes primary once it has the lease, past whoever held up to EPOCH
# Only says what is wanted, in a file that survives; simpul-database does it.
set -euo pipefail
WANTED=/srv/postgresql/wanted

case ${1-} in
  status)
    # Of an agent that has ended, what is there says nothing.
    read -r now _ </proc/uptime
    at=$(sed -n 's/^at //p' /run/simpul-database/status)
    ((${now%.*} * 1000 - at < 10000)) || { echo "the database's agent does not run" >&2; exit 1; }
    cat /run/simpul-database/status
    ;;
  standby) text=standby ;;
  primary)
    [[ ${2-} =~ ^[0-9]{1,15}$ ]] || { echo "simpul-database-part primary EPOCH" >&2; exit 2; }
    text="primary $2"
    ;;
  *)
    echo "simpul-database-part status|standby|primary EPOCH" >&2
    exit 2
    ;;
esac
[[ -n ${text-} ]] || exit 0
printf '%s\n' "$text" >"$WANTED.new"
sync "$WANTED.new"
mv -fT "$WANTED.new" "$WANTED"
sync "${WANTED%/*}"
