#!/bin/bash
# simpul-prepare: a first application on the volume, made once.
set -euo pipefail
[[ ! -e /srv/app ]] || exit 0
install -d -o app -g app /srv/app
install -m 644 -o app -g app /usr/local/share/simpul/index.js /srv/app/index.js
