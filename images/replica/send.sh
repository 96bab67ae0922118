#!/bin/bash
# simpul-replica-send: what the key may start, whatever it asks for: rsync as the sender of one server's volume. The words
# are exactly those of simpul-replica's rsync; any others are refused, for some lead out of the volume (--copy-links).
set -uo pipefail
WORDS='rsync --server --sender -lHogDtpAre.iLsfxCIvu --timeout=60 --numeric-ids . /volumes/'
ASKED=${SSH_ORIGINAL_COMMAND-}
SERVER=${ASKED#"$WORDS"}

if [[ $ASKED != "$WORDS$SERVER" || ! $SERVER =~ ^[a-z0-9][a-z0-9-]*/$ || ! -d /volumes/$SERVER ]]; then
  echo "simpul-replica-send: refused: ${ASKED:-nothing asked}" >&2
  exit 1
fi
# shellcheck disable=SC2086 # words of ours, as compared above
exec $WORDS"$SERVER"
