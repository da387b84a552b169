#!/bin/sh
# The app's role and the database that it owns: database.sh apply, with password, connection limit and, where the app is to begin
# with a backup, that one's name on standard input.
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"
# shellcheck source=templates/app/archive.sh
. "$bin/archive.sh"
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/connections.sh
. "$bin/connections.sh"
# shellcheck source=templates/app/restore.sh
. "$bin/restore.sh"

take_payload "$folder"
require_layout
lock_app
sweep_payloads "$folder"

if [ "$(cat "$folder/database-applied" 2>/dev/null || true)" = "$(cat "$incoming/.sha256")" ]; then exit 0; fi # no file: never applied
if [ ! -e "$folder/database-made" ] && database_exists; then
    refuse "a database $database is on this server that no app of this name has made: see \`docker exec -u postgres $postgres psql -l\` there; rename or drop it, then run \`pulumi up\` again"
fi
# A restore counts as unfinished from here on, also for a release that comes although this has failed.
[ ! -e "$incoming/archive" ] || rm -f "$folder/database-applied"
plan_restore "$(cat "$incoming/archive" 2>/dev/null || true)" # no file: the app begins with nothing
statements() {
    # The statements hold a password: not even a failing one may stand in PostgreSQL's log.
    printf "SET log_statement = 'none';\nSET log_min_error_statement = 'panic';\nSET log_min_duration_statement = -1;\n"
    printf "\\\\set name '%s'\n\\\\set password '%s'\n\\\\set connections %s\n" "$database" "$(cat "$incoming/password")" "$(cat "$incoming/connections")"
    cat "$bin/database.sql"
}
make_database() {
    require_connections "$(cat "$incoming/connections")"
    : >"$folder/database-made"
    say "preparing the database"
    statements | superuser postgres >/dev/null
}
with_server_lock make_database
if [ -e "$restoring" ]; then restore_data; fi
mv "$incoming/.sha256" "$folder/database-applied"
