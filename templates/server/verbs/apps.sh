# shellcheck shell=sh disable=SC2154 # variables of server.sh
# What there is of apps on this server: a line `memory CONTAINER BYTES` for each container, then for each app a line `app NAME` and
# after it a line `KEY VALUE` for whatever is found of it. Only reads. ops/serverApps.ts says what it means.
#
# What has the name of an app and no folder of one is told as well: it is somebody else's, or what is left of one.
# shellcheck source=templates/shared/telling.sh
. "$bin/telling.sh"

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

tell_database() {
    printf '%s\n' "$databases" | sed -n "s/^app_$app /database /p"
    case $(printf '%s\n' "$databases" | sed -n "s/^app_$app //p") in
    "app_$app "*) [ ! -e "$root/apps/$app/database-made" ] || echo "answered $(last_answer)" ;;
    esac
}
