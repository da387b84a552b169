#!/usr/bin/env bash
# The contract of the official image's entry point: an empty data folder becomes a database cluster with the given user,
# password and database, then the files in /docker-entrypoint-initdb.d are run, then the server starts.
set -euo pipefail

fail() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

# Gives variable $1 its value: its own, or the content of the file that $1_FILE names, or the default $2.
take() {
    local file_name=$1_FILE
    [ -z "${!1:-}" ] || [ -z "${!file_name:-}" ] || fail "both $1 and $file_name are set, which exclude each other"
    if [ -n "${!file_name:-}" ]; then
        printf -v "$1" %s "$(cat "${!file_name}")"
    else
        printf -v "$1" %s "${!1:-${2:-}}"
    fi
    export "${1?}"
    unset "$file_name"
}

prepare_folders() {
    install -d -m 700 "$PGDATA"
    install -d -m 3775 /var/run/postgresql || true
    [ "$(id -u)" -ne 0 ] || find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres {} +
}

make_cluster() {
    local arguments=(--username="$POSTGRES_USER")
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || arguments+=(--waldir="$POSTGRES_INITDB_WALDIR")
    eval "initdb \"\${arguments[@]}\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
    : "${POSTGRES_HOST_AUTH_METHOD:=$(postgres -C password_encryption)}"
    printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
}

query() {
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

make_database() {
    [ "$POSTGRES_DB" != postgres ] || return 0
    query --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
}

# What is not executable runs in this shell, as it does in the original.
run_script() {
    if [ -x "$1" ]; then
        "$1"
    else
        # shellcheck source=/dev/null
        . "$1"
    fi
}

run_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        printf '%s: running %s\n' "$0" "$file"
        case "$file" in
        *.sh) run_script "$file" ;;
        *.sql) query --dbname "$POSTGRES_DB" <"$file" ;;
        *.sql.gz) gunzip -c "$file" | query --dbname "$POSTGRES_DB" ;;
        *.sql.xz) xzcat "$file" | query --dbname "$POSTGRES_DB" ;;
        *.sql.zst) zstd -dc "$file" | query --dbname "$POSTGRES_DB" ;;
        *) printf '%s: ignoring %s\n' "$0" "$file" ;;
        esac
    done
}

# While it is being filled, the server listens on its socket only: no client must find it half made.
fill_cluster() {
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    NOTIFY_SOCKET='' pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses='' -p ${PGPORT:-5432}"
    make_database
    shopt -s nullglob
    run_files
    pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
}

initialize() {
    take POSTGRES_PASSWORD
    take POSTGRES_USER postgres
    take POSTGRES_DB "$POSTGRES_USER"
    take POSTGRES_INITDB_ARGS
    [ ! -s "$PGDATA/PG_VERSION" ] || return 0
    [ -n "$POSTGRES_PASSWORD" ] || [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ] ||
        fail "the database is empty and there is no password for its superuser: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
    make_cluster
    fill_cluster
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

[ "${1:-}" = "${1#-}" ] || set -- postgres "$@"
if [ "${1:-}" = postgres ]; then
    prepare_folders
    if [ "$(id -u)" -eq 0 ]; then
        export HOME=/var/lib/postgresql
        exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    initialize
fi
exec "$@"
