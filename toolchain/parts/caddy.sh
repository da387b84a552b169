# shellcheck shell=sh
# Caddy, for the images of the lab: always the pinned one.

machine_caddy() { return 1; }

obtain_caddy() {
    go_build "$TOOLS/modules/caddy" github.com/caddyserver/caddy/v2/cmd/caddy "$1/caddy" \
        "-X github.com/caddyserver/caddy/v2.CustomVersion=v$(version caddy)"
}
