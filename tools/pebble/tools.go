//go:build tools

// Pins the ACME server that tests ask for certificates; built by scripts/setup/acme-server.sh.
package tools

import (
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble"
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv"
)
