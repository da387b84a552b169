# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Brings the shared services to what the payload describes.
# Last it writes layout.json, and prints Caddy's own CA certificate in base64 (an empty line without one).
# shellcheck source=templates/shared/group.sh
. "$bin/group.sh"
# shellcheck source=templates/shared/pinned.sh
. "$bin/pinned.sh"
# shellcheck source=templates/shared/packages.sh
. "$bin/packages.sh"
# shellcheck source=templates/server/engine.sh
. "$bin/engine.sh"
# shellcheck source=templates/server/previous.sh
. "$bin/previous.sh"
# shellcheck source=templates/server/volume.sh
. "$bin/volume.sh"
# shellcheck source=templates/server/candidate.sh
. "$bin/candidate.sh"
# shellcheck source=templates/server/holding.sh
. "$bin/holding.sh"

verb_services() {
    incoming=$1
    settle_docker_group
    if left_unfinished || ! applied "$incoming" "$server/applied"; then apply_services; fi
    print_ca_certificate
}

# Up to `begin_switch` only images come; what fails afterwards is put back.
apply_services() {
    install_engine "$(cat "$incoming/engine")" "$server/packages"
    trap undo EXIT
    trap 'exit 1' HUP INT TERM
    note_pinned
    save_previous
    install -m 644 "$incoming/registry-ca.pem" "$server/registry-ca.pem"
    fetch_pinned "$incoming/pinned"
    choose_volume "$(cat "$incoming/image-postgres")" "$(serving_compose)"
    check_candidate "$incoming"
    begin_switch
    make_superuser_password
    install_files "$server"
    start_services
    load_access
    write_layout "$(cat "$incoming/network")"
    finish
}

# The record of what was applied, against which the verb `check` holds what there is.
finish() {
    (cd "$server" && settings_files . | sort | xargs sha256sum) >"$server/.applied-files"
    mv "$server/.applied-files" "$server/applied-files"
    note_applied "$incoming" "$server/applied"
    drop_previous
    drop_payload_at_end
}

# install_files FOLDER: the server's, or that of a candidate.
install_files() {
    install -d -m 755 "$1/caddy" "$1/caddy/sites" "$1/caddy/upstreams" "$1/caddy/tls" "$1/postgres"
    sed "s|@postgres-volume@|$postgres_volume|; s|@postgres-folder@|$postgres_folder|" "$incoming/compose.yaml" >"$1/.compose.yaml"
    chmod 600 "$1/.compose.yaml"
    mv "$1/.compose.yaml" "$1/compose.yaml"
    install -m 644 "$incoming/Caddyfile" "$1/caddy/Caddyfile"
    for file in "$1"/caddy/tls/*.pem "$1"/caddy/tls/*.mac; do
        [ -e "$incoming/tls/${file##*/}" ] || rm -f "$file"
    done
    for file in "$incoming"/tls/*.pem "$incoming"/tls/*.mac; do
        [ ! -e "$file" ] || install -m 600 "$file" "$1/caddy/tls/"
    done
    install -m 644 "$incoming/registry-ca.pem" "$1/registry-ca.pem"
    install -m 644 "$incoming/pinned" "$1/pinned"
    install -m 644 "$incoming/pg_hba.conf" "$incoming/pg_ident.conf" "$1/postgres/"
    earlier_access >"$1/postgres/.former_apps"
    chmod 644 "$1/postgres/.former_apps"
    mv "$1/postgres/.former_apps" "$1/postgres/former_apps.conf"
}

# The image wants a superuser's password; nobody knows this one, and pg_hba.conf lets the superuser in by the socket only.
# 999 is the postgres user of the image.
make_superuser_password() {
    [ ! -e "$server/postgres/password" ] || return 0
    install -d -m 755 "$server/postgres"
    (umask 077 && head -c 32 /dev/urandom | base64 | tr -d '\n' >"$server/.password")
    chown 999:999 "$server/.password"
    mv "$server/.password" "$server/postgres/password"
}

# Removing an app has to work with the scripts that it came with, which save its database as the superuser. Its next claim brings
# others, and takes its line away.
earlier_access() {
    for scripts in "$root"/apps/*/bin; do
        if [ ! -e "$scripts/backup.sh" ] || [ -e "$scripts/copies.sh" ]; then continue; fi
        app=$(basename "$(dirname "$scripts")")
        printf 'local "app_%s","check_%s" postgres peer\n' "$app" "$app"
    done
}

# wanted_image REFERENCE: the image that it is to mean, and may not yet.
wanted_image() {
    wanted_meaning=$(sed -n "s|^$1 ||p" "$incoming/pinned")
    printf '%s\n' "${wanted_meaning:-$1}"
}

# note_pinned: where an earlier version of this program has kept no list, what the references mean until now.
note_pinned() {
    [ ! -e "$server/pinned" ] || return 0
    while read -r reference _; do
        meant=$(image_id "$reference")
        [ -z "$meant" ] || printf '%s %s\n' "$reference" "$meant"
    done <"$incoming/pinned" >"$server/.pinned"
    mv "$server/.pinned" "$server/pinned"
}

# The references of apps' services are theirs to change (their verb `release`), where they have a meaning already.
compose_up() {
    # shellcheck disable=SC2046 # a reference a word
    tag_pinned "$server/pinned" $(sed -n 's/^ *"\{0,1\}image"\{0,1\}: "\{0,1\}\([^" ]*\)"\{0,1\}$/\1/p' "$server/compose.yaml")
    hold_apps
    docker compose --progress quiet -f "$server/compose.yaml" up -d --wait --wait-timeout 180 --remove-orphans </dev/null >"$server/compose.log" 2>&1 || return 1
    resume_apps
}

start_services() {
    say "starting PostgreSQL and Caddy"
    compose_up || {
        tail -n 15 "$server/compose.log" | cut -c1-500 >&2
        docker compose -f "$server/compose.yaml" logs --no-color --tail 20 </dev/null 2>&1 | cut -c1-500 >&2
        refuse "the shared services did not get healthy: the lines above are their last ones"
    }
    join_apps
    # A renewed certificate is in a file of the same name, which is the same configuration to Caddy.
    await_caddy || {
        container_exec "$caddy" caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null 2>&1 | tail -n 3 | cut -c1-500 >&2
        refuse "Caddy does not take its configuration: the lines above say why"
    }
    drop_untrusted
    find_ca_certificate
}

# drop_untrusted: Caddy goes on showing a certificate that it has, also of an authority that is named no longer, until it begins anew
# (certmagic, Config.manageOne). Of one that no public certificate vouches for, such as Let's Encrypt's for trials, nobody is to get it:
# without the apps' sites Caddy forgets what it has for them, and with them takes what the named authorities have issued, or asks them.
drop_untrusted() {
    [ -n "$(left_authorities)" ] || return 0
    say "asking the authorities of dallinger:server.tls in place of one that is named no longer"
    sed '/^import sites/d' "$server/caddy/Caddyfile" >"$server/caddy/without-sites"
    container_exec "$caddy" caddy reload --force --config /etc/caddy/without-sites --adapter caddyfile </dev/null >/dev/null 2>&1 ||
        refuse "Caddy does not forget certificates of an authority that is named no longer: \`docker logs $caddy\` on the server says why"
    rm -f "$server/caddy/without-sites"
    await_caddy || refuse "Caddy does not load the apps' sites again: \`docker logs $caddy\` on the server says why"
}

# left_authorities: the directories that were named before and are not now, where the server was told whom to trust for them.
left_authorities() {
    [ -e "$previous/caddy/Caddyfile" ] || return 0
    awk '$1 == "issuer" { directory = $3 } $1 == "trusted_roots" { print directory }' "$previous/caddy/Caddyfile" |
        while read -r directory; do
            grep -qF "issuer acme $directory {" "$server/caddy/Caddyfile" || printf '%s\n' "$directory"
        done
}

# await_caddy: until it has loaded its configuration, for up to 30 s.
await_caddy() {
    attempts=0
    until caddy_reload_anew; do
        attempts=$((attempts + 1))
        [ "$attempts" -lt 30 ] || return 1
        sleep 1
    done
}

# Who gets into PostgreSQL, as the files say that it reads only when it is told. One with a mistake in it would be passed over now, and
# keep PostgreSQL from starting some day. To the databases that no app owns, nobody has a way but who needs it.
load_access() {
    wrong=$(superuser postgres -At <<'SQL'
SELECT file_name || ', line ' || line_number || ': ' || error FROM pg_catalog.pg_hba_file_rules WHERE error IS NOT NULL
UNION ALL
SELECT file_name || ', line ' || line_number || ': ' || error FROM pg_catalog.pg_ident_file_mappings WHERE error IS NOT NULL;
SQL
    ) || refuse "PostgreSQL does not answer: \`docker logs $postgres\` on the server says why"
    [ -z "$wrong" ] || refuse "PostgreSQL does not accept who is to get in ($wrong): dallinger:server.images.postgres has to be an image of PostgreSQL 17 or newer"
    superuser postgres >/dev/null <<'SQL' || refuse "PostgreSQL does not load who gets in: \`docker logs $postgres\` on the server says why"
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
SELECT pg_catalog.pg_reload_conf();
SQL
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
  "network": "$1"
}
LAYOUT
    chmod 644 "$server/.layout.json"
    mv "$server/.layout.json" "$server/layout.json"
}

print_ca_certificate() {
    find_ca_certificate
    printf '%s\n' "$certificate"
}

# find_ca_certificate: afterwards $certificate is that of Caddy's own CA in base64, or empty where it has none.
find_ca_certificate() {
    certificate=
    grep -q 'tls internal' "$server/caddy/Caddyfile" || return 0
    for _ in $(seq 60); do
        certificate=$(container_exec "$caddy" cat /data/caddy/pki/authorities/local/root.crt </dev/null 2>/dev/null | base64 -w0)
        [ -z "$certificate" ] || return 0
        sleep 0.5
    done
    refuse "Caddy has made no CA of its own within 30 seconds: \`docker logs $caddy\` on the server says why"
}
