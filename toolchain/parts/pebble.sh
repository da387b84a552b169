# shellcheck shell=sh
# Pebble, an ACME authority for tests, for the lab: always the pinned one.

machine_pebble() { return 1; }

obtain_pebble() {
    go_build "$TOOLS/modules/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble "$1/pebble" "-X main.version=v$(version pebble)"
}
