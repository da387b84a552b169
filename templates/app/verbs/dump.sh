# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints a dump of the app's database, in PostgreSQL's custom format, while the app works on.
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"

verb_dump() {
    owns_database || refuse "$app has no database on this server"
    own 'docker exec -i' "$database" pg_dump -w --format=custom </dev/null
}
