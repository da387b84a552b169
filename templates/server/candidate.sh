# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by the verb `services`: what the shared services are to be made from, tried as a copy that nobody reaches.
candidate=$server/candidate

# With the sites of the apps: a configuration that cannot be loaded, for a key that is another certificate's, would keep every app's
# site from changing.
check_candidate() {
    rm -rf "$candidate"
    install -d -m 700 "$candidate"
    [ ! -e "$server/caddy" ] || cp -a "$server/caddy" "$candidate/caddy"
    install_files "$candidate"
    docker compose -f "$candidate/compose.yaml" config -q </dev/null >"$server/compose.log" 2>&1 || {
        tail -n 5 "$server/compose.log" | cut -c1-500 >&2
        refuse "docker compose does not accept the shared services: the lines above say why"
    }
    warn_of_names "$1/tls/names"
    caddy_accepts "$candidate/caddy" "$(wanted_image "$(cat "$1/image-caddy")")" || {
        tail -n 3 "$server/caddy.log" | cut -c1-500 >&2
        refuse "Caddy does not accept its configuration: the lines above say why; see dallinger:server.tls and dallinger:server.images.caddy"
    }
    drop_candidate
}

drop_candidate() {
    rm -rf "$candidate"
}

# warn_of_names NAMES: the apps here that a certificate of one's own is not for, which is for the names in the file NAMES. They may be about to get another name.
warn_of_names() {
    [ -e "$1" ] || return 0
    for file in "$server"/caddy/sites/*.caddy; do
        [ -e "$file" ] || continue
        sed -n '1s/ {$//p' "$file" | tr -d ' ' | tr ',' '\n' | while read -r name; do
            grep -qxF -e "$name" -e "*.${name#*.}" "$1" ||
                say "warning: the certificate of dallinger:server.tls is not for $name, which the app $(basename "$file" .caddy) has here"
        done
    done
}

# caddy_accepts FOLDER IMAGE: the folder as /etc/caddy. Docker's own failures, 125 and more, say nothing about it, and are tried again.
caddy_accepts() {
    for pause in 1 3 0; do
        accepts=0
        docker run --rm --pull never --network none -v "$1:/etc/caddy:ro" --entrypoint caddy "$2" \
            validate --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null >"$server/caddy.log" 2>&1 || accepts=$?
        if [ "$accepts" -lt 125 ] || [ "$pause" = 0 ]; then return "$accepts"; fi
        sleep "$pause"
    done
}
