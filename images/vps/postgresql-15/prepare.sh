#!/bin/bash
# simpul-prepare: the cluster on the volume, made once. Root of the VPS is the database's superuser by `su postgres`; who
# comes over the network needs a password, which nobody has until a role is made.
set -euo pipefail
CLUSTER=/srv/postgresql/15
PROGRAMS=/usr/lib/postgresql/15/bin

install -d -m 2775 -o postgres -g postgres /run/postgresql
install -d -m 755 -o postgres -g postgres /srv/postgresql /srv/postgresql/run
[[ ! -e $CLUSTER/PG_VERSION ]] || exit 0
# A standby's is a copy of the other site's (simpul-database).
! grep -qsx 'starts standby' /etc/simpul/database || exit 0
# Made under another name: half a cluster would never start.
rm -rf "$CLUSTER.new"
install -d -m 700 -o postgres -g postgres "$CLUSTER.new"
chpst -u postgres "$PROGRAMS/initdb" --pgdata "$CLUSTER.new" --encoding UTF8 --locale C.UTF-8 \
  --auth-local peer --auth-host scram-sha-256 --data-checksums >/dev/null
cat >>"$CLUSTER.new/postgresql.conf" <<'TEXT'

# Simpul: reached by whom the gateway lets through (publish), and on this machine.
listen_addresses = '*'
TEXT
cat >>"$CLUSTER.new/pg_hba.conf" <<'TEXT'
host    all             all             0.0.0.0/0               scram-sha-256
host    all             all             ::/0                    scram-sha-256
TEXT
mv "$CLUSTER.new" "$CLUSTER"
