#!/bin/sh
# Brings the app's containers to the release on standard input (compose.yaml, environment.yaml, image, record): release.sh apply
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
incoming=$folder/incoming-release

main() {
    rm -rf "$incoming"
    receive "$incoming"
    require_layout
    lock_server
    if [ "$(cat "$folder/release-applied" 2>/dev/null || true)" = "$(cat "$incoming/.sha256")" ]; then # no file: never applied
        rm -rf "$incoming"
        return
    fi
    pull_image "$(cat "$incoming/image")"
    # From here on answers can come in that a backup made earlier does not hold.
    rm -f "$folder/release-applied" "$folder/backup"
    for file in compose.yaml environment.yaml secrets image; do mv "$incoming/$file" "$folder/$file"; done
    make_files_folder
    start_stores
    initialise_database
    start_app
    mv "$incoming/record.json" "$folder/release.json"
    mv "$incoming/.sha256" "$folder/release-applied"
    rm -rf "$incoming"
}

pull_image() {
    docker image inspect "$1" >/dev/null 2>&1 && return
    trust_registry "$1"
    say "pulling $1"
    timeout 1800 docker pull -q "$1" </dev/null >/dev/null 2>"$folder/log/pull.log" || {
        tail -n 3 "$folder/log/pull.log" | cut -c1-400 >&2
        refuse "the server cannot pull $1: it needs a way to that registry, and dallinger:server.registryCa if its certificate is of a CA of its own"
    }
}

# What the experiment saves belongs to the user its image runs as.
make_files_folder() {
    user=$(docker image inspect --format '{{.Config.User}}' "$(cat "$folder/image")")
    install -d -m 700 "$files"
    case ${user%%:*} in
    '' | root) ;;
    *[!0-9]*) refuse "the image's USER is the name ${user%%:*}: give its number in the Dockerfile (USER 1000), so that /var/lib/dallinger can be made writable for it" ;;
    *) chown "$user" "$files" ;;
    esac
}

start_stores() {
    say "starting Redis and pgbouncer"
    compose up -d --wait --wait-timeout 120 redis pgbouncer >"$folder/log/compose.log" 2>&1 || explain_failure "Redis or pgbouncer did not get healthy" redis pgbouncer
}

# Dallinger's initdb drops all tables first, so it runs when, and only when, there is none: or again after it was interrupted,
# which the mark tells, and then only while no table holds a row.
initialise_database() {
    tables=$(superuser "$database" -At <<'SQL'
SELECT count(*) FROM pg_tables WHERE schemaname = 'public';
SQL
    )
    if [ "$tables" -gt 0 ] && [ ! -e "$folder/initdb-started" ]; then return; fi
    if [ "$tables" -gt 0 ] && [ "$(rows_in_database)" -gt 0 ]; then
        rm -f "$folder/initdb-started"
        return
    fi
    say "creating the tables"
    : >"$folder/initdb-started"
    compose run --rm --no-deps -T web dallinger-housekeeper initdb >"$folder/log/initdb.log" 2>&1 || {
        tail -n 20 "$folder/log/initdb.log" | masked >&2
        refuse "dallinger-housekeeper initdb failed: the lines above are its last ones"
    }
    rm -f "$folder/initdb-started"
}

rows_in_database() {
    superuser "$database" -At <<'SQL'
SELECT coalesce(sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint), 0)
FROM pg_tables WHERE schemaname = 'public';
SQL
}

start_app() {
    say "starting web, workers and clock"
    compose up -d --wait --wait-timeout 180 --remove-orphans >"$folder/log/compose.log" 2>&1 ||
        explain_failure "the app did not get healthy" web worker clock
    in_web probe.py http://127.0.0.1:5000/summary 60 >"$folder/log/probe.log" 2>&1 || {
        tail -n 3 "$folder/log/probe.log" | masked >&2
        explain_failure "the app does not answer /summary" web
    }
}

main
