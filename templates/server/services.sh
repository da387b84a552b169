#!/bin/sh
# Brings the shared services to what the payload on standard input describes: services.sh apply
# Last it writes layout.json, and prints Caddy's own CA certificate in base64 (an empty line without one).
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/shared/messages.sh
. "$bin/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$bin/server.sh"
# shellcheck source=templates/shared/receive.sh
. "$bin/receive.sh"
# shellcheck source=templates/server/engine.sh
. "$bin/engine.sh"

main() {
    take_payload "$server"
    announce_run "$server"
    lock_server
    require_latest "$server"
    sweep_payloads "$server"
    if [ "$(cat "$server/applied" 2>/dev/null || true)" != "$(cat "$incoming/.sha256")" ]; then # no file: never applied
        rm -f "$server/applied"
        install_engine "$(cat "$incoming/engine")" "$server/packages"
        join_docker_group "$(cat "$incoming/user")"
        install_files
        pull_images
        start_services
        write_layout "$(cat "$incoming/network")"
        mv "$incoming/.sha256" "$server/applied"
    fi
    print_ca_certificate
}

join_docker_group() {
    if [ "$1" = root ] || id -nG "$1" | tr ' ' '\n' | grep -qx docker; then return; fi
    usermod -aG docker "$1"
    printf '%s\n' "$1" >"$server/group-member"
}

install_files() {
    install -d -m 755 "$server/caddy" "$server/caddy/sites" "$server/caddy/upstreams" "$server/caddy/tls" "$server/postgres"
    install -m 600 "$incoming/compose.yaml" "$server/compose.yaml"
    install -m 644 "$incoming/Caddyfile" "$server/caddy/Caddyfile"
    if [ -e "$incoming/tls/certificate.pem" ]; then
        install -m 600 "$incoming"/tls/*.pem "$server/caddy/tls/"
    fi
    install -m 644 "$incoming/registry-ca.pem" "$server/registry-ca.pem"
    install -m 644 "$incoming/pg_hba.conf" "$server/postgres/pg_hba.conf"
    # The image wants a superuser's password; nobody knows this one, and pg_hba.conf lets the superuser in by the socket only.
    # 999 is the postgres user of the image.
    if [ ! -e "$server/postgres/password" ]; then
        (umask 077 && head -c 32 /dev/urandom | base64 | tr -d '\n' >"$server/postgres/.password")
        chown 999:999 "$server/postgres/.password"
        mv "$server/postgres/.password" "$server/postgres/password"
    fi
}

pull_images() {
    while read -r image; do
        docker image inspect "$image" >/dev/null 2>&1 && continue
        trust_registry "$image"
        say "pulling $image"
        timeout 900 docker pull -q "$image" </dev/null >/dev/null 2>"$server/pull.log" || {
            tail -n 3 "$server/pull.log" | cut -c1-500 >&2
            refuse "the server cannot pull $image: see dallinger:server.images and dallinger:server.registryCa"
        }
        printf '%s\n' "$image" >>"$server/images"
    done <"$incoming/images"
}

start_services() {
    say "starting PostgreSQL and Caddy"
    docker compose --progress quiet -f "$server/compose.yaml" up -d --wait --wait-timeout 180 --remove-orphans </dev/null >"$server/compose.log" 2>&1 || {
        tail -n 15 "$server/compose.log" | cut -c1-500 >&2
        docker compose -f "$server/compose.yaml" logs --no-color --tail 20 </dev/null 2>&1 | cut -c1-500 >&2
        refuse "the shared services did not get healthy: the lines above are their last ones"
    }
    join_apps
    attempts=0
    until caddy_reload; do
        attempts=$((attempts + 1))
        if [ "$attempts" -ge 30 ]; then
            container_exec "$caddy" caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null 2>&1 | tail -n 3 | cut -c1-500 >&2
            refuse "Caddy does not take its configuration: the lines above say why"
        fi
        sleep 1
    done
}

# A Caddy that has been made anew has to reach the apps again.
join_apps() {
    docker network ls --format '{{.Name}}' | grep '^dlgr-app-' | while read -r network; do join_caddy "$network"; done
}

write_layout() {
    cat >"$server/.layout.json" <<LAYOUT
{
  "version": $layout_version,
  "id": "$(cat "$server/id")",
  "network": "$1",
  "sites": "$server/caddy/sites"
}
LAYOUT
    chmod 644 "$server/.layout.json"
    mv "$server/.layout.json" "$server/layout.json"
}

print_ca_certificate() {
    grep -q 'tls internal' "$server/caddy/Caddyfile" || { echo && return; }
    for _ in $(seq 60); do
        certificate=$(container_exec "$caddy" cat /data/caddy/pki/authorities/local/root.crt </dev/null 2>/dev/null | base64 -w0)
        if [ -n "$certificate" ]; then
            printf '%s\n' "$certificate"
            return
        fi
        sleep 0.5
    done
    refuse "Caddy has made no CA of its own within 30 seconds: \`docker logs $caddy\` on the server says why"
}

main
