#!/bin/sh
# The app's site in Caddy, from the payload on standard input: site.sh apply. Ends when the address answers over verified TLS.
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
# shellcheck source=templates/app/switch.sh
. "$bin/switch.sh"
candidate=$server/caddy/candidate

main() {
    take_payload "$folder"
    require_layout
    lock_app
    sweep_payloads "$folder"
    # A destroy that failed has stopped the containers: with its site an app has to run again.
    if [ -z "$(serving_web)" ]; then
        refuse_removed
        rm -f "$folder/backup"
        # shellcheck disable=SC2046 # one word per container
        compose up -d --no-recreate --wait --wait-timeout 180 >"$folder/log/compose.log" 2>&1 || explain_failure "the app did not get healthy" $(containers web worker clock)
        point_to "$(container web)"
    fi
    join_caddy "$project"
    if ! cmp -s "$incoming/site.caddy" "$site"; then with_server_lock publish; fi
    install -m 600 "$incoming/site.caddy" "$folder/site.caddy"
    certificate=
    if [ -e "$incoming/internal" ]; then
        certificate=$(container_exec "$caddy" cat /data/caddy/pki/authorities/local/root.crt </dev/null | base64 -w0)
    fi
    while read -r url; do
        say "waiting for $url"
        in_container "$(serving_web)" probe.py "$url/robots.txt" "$(cat "$incoming/patience")" "$caddy" "$certificate" >"$folder/log/probe.log" 2>&1 || {
            tail -n 2 "$folder/log/probe.log" | masked >&2
            docker logs --tail 10 "$caddy" </dev/null 2>&1 | cut -c1-400 >&2
            refuse "$url does not answer over verified TLS: the lines above are the probe's and Caddy's last ones"
        }
    done <"$incoming/urls"
}

# Of an app whose release has gone as well, what is left to start is not all that it had: Redis would be empty.
refuse_removed() {
    if [ -e "$folder/current" ] && redis_there; then return; fi
    refuse "a removal of $app was broken off when its release had gone already: \`./ops/dallinger mend\`, then \`pulumi up\`, brings it back with all that was saved then; \`pulumi destroy\` ends the removal"
}

# Checked as a copy first: Caddy never sees a file that would keep it from loading the other apps' sites.
publish() {
    rm -rf "$candidate"
    mkdir -m 755 "$candidate"
    cp -r "$server/caddy/Caddyfile" "$server/caddy/sites" "$candidate/"
    install -m 644 "$incoming/site.caddy" "$candidate/sites/$app.caddy"
    container_exec "$caddy" caddy validate --config /etc/caddy/candidate/Caddyfile --adapter caddyfile </dev/null >"$folder/log/caddy.log" 2>&1 || {
        rm -rf "$candidate"
        tail -n 3 "$folder/log/caddy.log" | cut -c1-400 >&2
        refuse "Caddy does not accept the app's site: a host name of another app, perhaps; the lines above are Caddy's"
    }
    mv "$candidate/sites/$app.caddy" "$site"
    rm -rf "$candidate"
    caddy_reload || refuse "Caddy did not reload: \`docker logs $caddy\` on the server says why"
}

main
