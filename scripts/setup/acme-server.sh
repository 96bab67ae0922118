# Step acme: where tests run, the certificate authority that they ask, Pebble, and the names it looks at. Sourced by setup.sh.

acme_server() {
  local name wanted folder=$STATE/bin
  wanted=$(cat "$ROOT"/tools/pebble/go.{mod,sum} | sha256sum)
  if is_whole "$folder/pebble.built-from" "$wanted" "$folder/pebble" "$folder/pebble-challtestsrv"; then
    found "Pebble in .simpul/bin"
    return
  fi
  rm -f "$folder/pebble.built-from"
  for name in pebble pebble-challtestsrv; do
    # Static: it runs in a container without libraries of this machine.
    CGO_ENABLED=0 go_build pebble "github.com/letsencrypt/pebble/v2/cmd/$name" "$folder/$name" ""
  done
  note_whole "$folder/pebble.built-from" "$wanted" "$folder/pebble" "$folder/pebble-challtestsrv"
  found "Pebble built into .simpul/bin"
}
