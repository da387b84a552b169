# shellcheck shell=sh disable=SC2154 # variables of app.sh
# The app's role and the database that it owns. In the payload: password, connection limit and, where the app is to begin with a
# backup, that one's name.
# shellcheck source=templates/app/archive.sh
. "$bin/archive.sh"
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/connections.sh
. "$bin/connections.sh"
# shellcheck source=templates/app/restore.sh
. "$bin/restore.sh"

verb_database() {
    if applied "$1" "$folder/database-applied"; then return; fi
    if [ ! -e "$folder/database-made" ] && database_exists; then
        refuse "a database $database is on this server that no app of this name has made: see \`docker exec -u postgres $postgres psql -l\` there; rename or drop it, then run \`./pulumi up\` again"
    fi
    # A restore counts as unfinished from here on, also for a release that comes although this has failed.
    [ ! -e "$1/archive" ] || rm -f "$folder/database-applied"
    time_step "looking at what it begins with"
    archive_name=$(cat "$1/archive" 2>/dev/null || true) # no file: the app begins with nothing
    # A former run may have taken the name for an app that was to begin with a backup. What a removal has saved comes back by itself.
    if [ -z "$archive_name$(saved_name)" ] && [ ! -e "$restoring" ] && [ ! -e "$folder/database-made" ]; then
        require_no_backup "$(cat "$folder/owner")"
    fi
    bring_archive "$archive_name"
    plan_restore "$archive_name"
    with_server_lock make_database "$(cat "$1/connections")" "$1/password"
    if [ -e "$restoring" ]; then restore_data; fi
    note_applied "$1" "$folder/database-applied"
}

# bring_archive NAME: from the repository where this server does not have it, and the app is to begin with it.
bring_archive() {
    if [ -z "$1" ] || [ -e "$backups/$app/$1" ] || [ ! -e "$repository" ] || [ -e "$restoring" ] || [ -L "$folder/current" ] || has_tables; then return; fi
    fetch_archive "$1"
}

# make_database CONNECTIONS PASSWORD: a number, and a file.
make_database() {
    require_connections "$1"
    : >"$folder/database-made"
    step "preparing the database"
    statements "$1" "$2" | superuser postgres >/dev/null
}

# The statements hold a password: not even a failing one may stand in PostgreSQL's log.
statements() {
    printf "SET log_statement = 'none';\nSET log_min_error_statement = 'panic';\nSET log_min_duration_statement = -1;\n"
    printf "\\\\set name '%s'\n\\\\set password '%s'\n\\\\set connections %s\n" "$database" "$(cat "$2")" "$1"
    cat "$bin/database.sql"
}
