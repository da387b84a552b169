# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Runs a program in a process of the app, with the standard input that comes: exec PROCESS PROGRAM [ARGUMENT…]
# Once, and with its status: what has begun there is not repeated by itself.

verb_exec() {
    id=$(process_of "${1:-}")
    [ -n "$id" ] || refuse "no ${1:-process} of $app runs: \`./ops/dallinger check\` says how to mend it"
    shift
    docker exec -i "$id" "$@"
}
