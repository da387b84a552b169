# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: what is told of the app $app, a line `KEY VALUE` each. Only reads. ops/serverApps.ts says what it means.

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

# When a participant has last answered, by the database's word; nothing where none has, `unread` where it does not say.
last_answer() {
    answer=$(
        ask_database <<'SQL'
SELECT 'at ' || coalesce(to_char(greatest((SELECT max(creation_time) FROM public.info), (SELECT max(creation_time) FROM public.question)), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '');
SQL
    )
    case $answer in
    'at '*[!0-9T:Z-]*) echo unread ;;
    'at '*) echo "${answer#at }" ;;
    *) echo unread ;;
    esac
}

# ask_database: what the app's database answers to the statements on standard input, the beginning of it. What is in it is the app's:
# nobody but its role asks, for a few seconds, and whoever asks looks at what comes.
ask_database() {
    timeout 10 docker exec -i -u nobody -e "PGUSER=app_$app" -e "PGDATABASE=app_$app" -e "PGOPTIONS=$careful" "$postgres" \
        psql -X -q -w -At -v ON_ERROR_STOP=1 2>/dev/null | head -c 2000
}

careful='-c search_path=pg_catalog -c statement_timeout=5000 -c default_transaction_read_only=on -c client_encoding=UTF8'
