#!/bin/bash
# simpul-dump-postgresql FOLDER SOCKETS: dumps every database of the PostgreSQL whose socket is in the folder SOCKETS into
# FOLDER: <database>.dump (pg_dump -Fc), globals.sql (roles), and counts.tsv, the rows of every table (database, schema,
# table, rows, as COPY writes them). Dump and counts of a database see the same snapshot, and no table is emptied between.
# A name that is no plain word is written with %XX in the name of its file.
#
# The server at the other end is the tenant's, who is root there: this runs as the user `postgres` with no right and no
# secret, what the server says is data, and size and time have an end. Uncompressed, for restic compresses what it has
# not stored yet, and finds in an uncompressed dump what it has.
set -u
FOLDER=${1:?usage: simpul-dump-postgresql FOLDER SOCKETS}
export PGHOST=${2:?usage: simpul-dump-postgresql FOLDER SOCKETS}
export PGUSER=postgres PGCONNECT_TIMEOUT=10 PGOPTIONS='-c statement_timeout=0 -c lock_timeout=60s -c search_path='
export PGAPPNAME=simpul-backup HOME=/nonexistent
unset PGDATABASE PGSERVICE PGPASSFILE
MOST_DATABASES=1000

main() {
  local name file
  umask 027
  mkdir -p "$FOLDER" && cd "$FOLDER" || fail "cannot write to $FOLDER"
  rm -f -- *
  PGDATABASE=postgres query \
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname" >.names ||
    fail "cannot ask for the databases"
  readarray -d '' -t names <.names
  ((${#names[@]} > 0 && ${#names[@]} <= MOST_DATABASES)) || fail "says that it has ${#names[@]} databases"
  : >counts.tsv
  for name in "${names[@]}"; do
    file=$(file_name "$name")
    export PGDATABASE=$name SIMPUL_DUMP=$file
    dump_database || fail "cannot dump the database $file"
  done
  unset PGDATABASE SIMPUL_DUMP
  PGDATABASE=postgres pg_dumpall --globals-only --file globals.sql || fail "cannot dump the roles"
  rm -f .names .done
}

fail() {
  printf 'postgresql: %s\n' "$*" >&2
  exit 1
}

query() { psql --no-psqlrc --no-align --tuples-only --quiet --record-separator-zero --command "$1"; }

# Bytes that mean nothing to anybody stay.
file_name() {
  local LC_ALL=C text=$1 out='' index byte number
  for ((index = 0; index < ${#text}; index++)); do
    byte=${text:index:1}
    case $byte in
      [A-Za-z0-9_-]) out+=$byte ;;
      *)
        printf -v number %d "'$byte"
        printf -v byte '%%%02X' $((number & 255))
        out+=$byte
        ;;
    esac
  done
  echo "$out"
}

# One session holds the snapshot while pg_dump reads it and tables are counted; their locks keep TRUNCATE out, which no
# snapshot holds back.
dump_database() {
  rm -f .done
  psql --no-psqlrc --no-align --tuples-only --quiet --set ON_ERROR_STOP=1 >>counts.tsv <<'SQL' || return
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SIMPUL_SNAPSHOT :snapshot
SELECT format('LOCK TABLE %I.%I IN ACCESS SHARE MODE', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname \gexec
\! pg_dump --format=custom --compress=0 --snapshot="$SIMPUL_SNAPSHOT" --lock-wait-timeout=60s --file="$SIMPUL_DUMP.dump" && : >.done
SELECT format('COPY (SELECT %L, %L, %L, count(*) FROM ONLY %I.%I) TO STDOUT', current_database(), n.nspname, c.relname, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname \gexec
COMMIT;
SQL
  [[ -e .done ]]
}

main
