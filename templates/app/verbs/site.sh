# shellcheck shell=sh disable=SC2154 # variables of app.sh
# The app's site in Caddy, as the payload has it. Ends when the address answers over verified TLS.
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
# shellcheck source=templates/app/settling.sh
. "$bin/settling.sh"
# shellcheck source=templates/app/switch.sh
. "$bin/switch.sh"
candidate=$server/caddy/candidate

verb_site() {
    incoming=$1
    if [ -e "$folder/backup" ] || [ -z "$(serving_web)" ]; then refuse_removed; fi
    # With its site an app gets answers that a backup made earlier does not hold, whoever has started its containers.
    rm -f "$folder/backup"
    # A destroy that failed has stopped them: with its site an app has to run again.
    if [ -z "$(serving_web)" ]; then
        # shellcheck disable=SC2046 # one word per container
        compose up -d --no-recreate --wait --wait-timeout 180 >"$folder/log/compose.log" 2>&1 || explain_failure "the app did not get healthy" $(containers web worker clock)
        started=$(container web)
        point_to "$started"
    fi
    join_caddy "$project"
    had_site=
    published=
    [ ! -e "$site" ] || had_site=yes
    begun=$(date +%s)
    time_step "loading the site"
    with_server_lock serve_site
    certificate=
    if [ -e "$incoming/internal" ]; then
        certificate=$(container_exec "$caddy" cat /data/caddy/pki/authorities/local/root.crt </dev/null | base64 -w0)
    elif [ -e "$incoming/authorities.pem" ]; then
        certificate=$(base64 -w0 <"$incoming/authorities.pem")
    fi
    while read -r url; do
        [ -n "$published" ] || ask_again "$url"
        step "waiting for $url"
        probe "$url" "$(cat "$incoming/patience")" || {
            tail -n 2 "$folder/log/probe.log" | masked >&2
            with_server_lock put_site_back
            # It is asked from inside the web: one that has died gets no answer either.
            refuse_ended
            refuse_address "$url" "$begun"
        }
    done <"$incoming/urls"
    install -m 600 "$incoming/site.caddy" "$folder/site.caddy"
}

# Of an app whose release has gone as well, what is left to start is not all that it had: Redis would be empty.
refuse_removed() {
    if [ -e "$folder/current" ] && redis_there; then return; fi
    refuse "a removal of $app was broken off when its release had gone already: \`./ops/dallinger mend\`, then \`./pulumi up\`, brings it back with all that was saved then; \`./pulumi destroy\` ends the removal"
}

# probe URL SECONDS: whether it answers within that time.
probe() {
    in_container "$(serving_web)" probe.py "$1/robots.txt" "$2" "$caddy" "$certificate" >"$folder/log/probe.log" 2>&1
}

# ask_again URL: what has not got a certificate is asked for again after pauses that grow to hours, but at once when it is loaded anew.
ask_again() {
    if [ -e "$incoming/internal" ] || probe "$1" 0; then return 0; fi
    caddy_reload_anew || :
}

# Loaded also where the file was there: a run that was killed may not have come to loading it.
serve_site() {
    if ! cmp -s "$incoming/site.caddy" "$site"; then
        publish
        published=yes
    fi
    caddy_reload || {
        put_site_back
        refuse "Caddy did not reload: \`docker logs $caddy\` on the server says why"
    }
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
}

# put_site_back: the site that has answered before, in place of one that does not. A failed update leaves Pulumi with what it had before,
# and a configuration that is set back is then no change to it. A first site stays: its certificate may still be on its way.
put_site_back() {
    if [ -z "$had_site" ] || [ ! -e "$folder/site.caddy" ] || cmp -s "$folder/site.caddy" "$site"; then return 0; fi
    install -m 644 "$folder/site.caddy" "$server/caddy/.$app.caddy"
    mv "$server/caddy/.$app.caddy" "$site"
    caddy_reload || {
        say "the previous site of $app is not loaded: \`./ops/dallinger mend\`, then \`./pulumi up\`, loads it"
        return 0
    }
    say "the previous site of $app is there again"
}
