# shellcheck shell=sh disable=SC2154 # variables of app.sh
# psql in the app's own database, as its own role and nobody else: psql read|write terminal|stream [ARGUMENT…]
# With `stream` it reads statements from the standard input that comes, and ends at the first that fails. Sessions only read unless they
# are to write: that keeps from slips, for who means to can say otherwise in a session.
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/attended.sh
. "$bin/attended.sh"

verb_psql() {
    case "${1:-} ${2:-}" in
    'read terminal' | 'read stream' | 'write terminal' | 'write stream') ;;
    *) refuse "psql read or write, and terminal or stream" ;;
    esac
    owns_database || refuse "$app has no database on this server: \`./ops/dallinger check\` says how to mend it"
    # A person names tables as the experiment does. What comes later counts.
    own_defaults="$own_defaults -c search_path=public -c client_min_messages=notice"
    if [ "$1" = read ]; then own_defaults="$own_defaults -c default_transaction_read_only=on"; fi
    if [ "$2" = terminal ]; then
        execute="attended -it -e TERM=${TERM:-xterm} -e PSQL_HISTORY=/dev/null"
        stop=
    else
        execute='attended -i'
        stop='-v ON_ERROR_STOP=1'
    fi
    shift 2
    # Behind what somebody has typed: it is this database and this role that are meant.
    # shellcheck disable=SC2086 # two words, or none
    own "$execute" "$database" psql -X -w $stop "$@" -d "$database" -U "$database"
}
