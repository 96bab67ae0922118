#!/bin/bash
# simpul-prepare: the folders of the site on the volume, made once.
set -euo pipefail
mkdir -p /srv/nginx /run/php /run/simpul-nginx
if [[ ! -e /srv/www ]]; then
  mkdir -p /srv/www
  cp /usr/local/share/simpul/index.php /srv/www/index.php
fi
