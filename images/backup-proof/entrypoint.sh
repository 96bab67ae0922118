#!/bin/sh
# simpul-entrypoint: holds the container open for the steps of a proof or a restore, which are run in it (simpul-proof).
# Whoever started it removes it; forgotten, it ends by itself.
exec sleep 172800
