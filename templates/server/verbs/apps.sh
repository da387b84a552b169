# shellcheck shell=sh disable=SC2154 # variables of server.sh
# What there is of apps on this server: a line `memory CONTAINER BYTES` for each container, then for each app a line `app NAME` and
# after it a line `KEY VALUE` for whatever is found of it. Only reads. ops/serverApps.ts says what it means.
#
# What has the name of an app and no folder of one is told as well: it is somebody else's, or what is left of one.

verb_apps() {
    require_layout
    containers=$(docker_says ps -a --no-trunc --filter label=com.docker.compose.project --filter label=com.docker.compose.oneoff=False \
        --format '{{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.service"}} {{.Names}} {{.Status}}') || exit 1
    memory=$(docker_says stats --no-stream --format 'memory {{.Name}} {{.MemUsage}}') || exit 1
    databases=$(app_databases) || refuse "PostgreSQL does not answer on this server: \`docker logs $postgres\` there says why"
    printf '%s\n' "$memory"
    for app in $(app_names); do
        echo "app $app"
        tell_folder
        printf '%s\n' "$containers" | sed -n "s/^dlgr-app-$app /container /p"
        tell_database
    done
}

# A line "DATABASE OWNER BYTES" each. The names are what is looked at, and nothing in them.
app_databases() {
    superuser postgres -At <<'SQL'
SELECT datname || ' ' || rolname || ' ' || pg_database_size(d.oid) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
WHERE datname ~ '^app_[a-z0-9-]+$' AND rolname !~ '\s';
SQL
}

app_names() {
    {
        ls -1 "$root/apps" 2>/dev/null || : # none has been on this server
        printf '%s\n' "$containers" | sed -n 's/^dlgr-app-\([^ ]*\) .*/\1/p'
        printf '%s\n' "$databases" | sed -n 's/^app_\([^ ]*\) .*/\1/p'
    } | grep -x '[a-z0-9-]*' | sort -u
}

tell_folder() {
    place=$root/apps/$app
    [ -e "$place/owner" ] || return 0
    echo "owner $(cat "$place/owner")"
    if runs "$(readlink "$place/latest-run" || echo none)"; then echo "at-work yes"; fi
    # What a deployment, or a removal, that broke off has left.
    for mark in initdb-started restore-started backup; do [ ! -e "$place/$mark" ] || echo "mark $mark"; done
    if [ -e "$place/launch.json" ]; then
        echo "launch known"
    elif [ -e "$place/launch-started" ]; then
        echo "launch unknown"
    fi
    [ ! -e "$server/caddy/sites/$app.caddy" ] || sed -n '1s/^\(.*\) {$/hosts \1/p' "$server/caddy/sites/$app.caddy"
    if [ -e "$place/current" ]; then
        printf 'record %s\n' "$(tr -d '\n' <"$place/current/record.json")"
        sed 's/^/wanted /' "$place/current/services"
    fi
    if [ -d "/var/lib/dallinger/$app" ]; then
        # How many there are is the app's to say: nobody waits for all of them.
        size=$(timeout 20 du -sB 1 "/var/lib/dallinger/$app" 2>/dev/null | cut -f 1)
        echo "files ${size:-unread}"
    fi
}

tell_database() {
    printf '%s\n' "$databases" | sed -n "s/^app_$app /database /p"
    case $(printf '%s\n' "$databases" | sed -n "s/^app_$app //p") in
    "app_$app "*) [ ! -e "$root/apps/$app/database-made" ] || echo "answered $(last_answer)" ;;
    esac
}

# When a participant has last answered, by the database's word; nothing where none has, `unread` where it does not say. What is in the
# database is the app's: nobody but its role asks, for a few seconds, and what comes is a time or nothing.
last_answer() {
    answer=$(timeout 10 docker exec -i -u nobody -e "PGUSER=app_$app" -e "PGDATABASE=app_$app" -e "PGOPTIONS=$careful" "$postgres" \
        psql -X -q -w -At -v ON_ERROR_STOP=1 2>/dev/null <<'SQL' | head -c 100
SELECT 'at ' || coalesce(to_char(greatest((SELECT max(creation_time) FROM public.info), (SELECT max(creation_time) FROM public.question)), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '');
SQL
    )
    case $answer in
    'at '*[!0-9T:Z-]*) echo unread ;;
    'at '*) echo "${answer#at }" ;;
    *) echo unread ;;
    esac
}

careful='-c search_path=pg_catalog -c statement_timeout=5000 -c default_transaction_read_only=on -c client_encoding=UTF8'
