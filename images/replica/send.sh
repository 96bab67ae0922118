#!/bin/bash
# simpul-replica-send: what the key may start, whatever it asks for: rsync as the sender of one server's volume. The words
# are those that simpul-replica's rsync sends; any others are refused, for some lead out of the volume (--copy-links).
set -uo pipefail
WANTED='^rsync --server --sender -[a-zA-Z]+e\.[a-zA-Z]+( --numeric-ids)?( --bwlimit=[0-9]+)? \. /volumes/([a-z0-9][a-z0-9-]*)/$'
LETTERS='^rsync --server --sender -vlHogDtprAe\.iLsfxCIvu '

if [[ ! ${SSH_ORIGINAL_COMMAND-} =~ $WANTED || ! $SSH_ORIGINAL_COMMAND =~ $LETTERS ]]; then
  echo "simpul-replica-send: refused: ${SSH_ORIGINAL_COMMAND-nothing asked}" >&2
  exit 1
fi
[[ -d /volumes/${BASH_REMATCH[3]-} ]] || true
# Checked above word by word: no quotes, no blanks within a word.
# shellcheck disable=SC2086
exec $SSH_ORIGINAL_COMMAND
