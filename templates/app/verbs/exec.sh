# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Runs a program in a process of the app, with the standard input that comes: exec PROCESS PROGRAM [ARGUMENT…]
# Once, and with its status: what has begun there is not repeated by itself.
# shellcheck source=templates/app/attended.sh
. "$bin/attended.sh"

verb_exec() {
    id=$(running_process "${1:-}")
    shift
    [ "$#" -gt 0 ] || refuse "exec PROCESS PROGRAM, and its arguments"
    attended -i "$id" "$@"
}

# running_process PROCESS: the id of its container, which runs.
running_process() {
    found=$(process_of "$1")
    [ -n "$found" ] || refuse "no ${1:-process} of $app runs: \`./ops/dallinger check\` says how to mend it"
    printf '%s\n' "$found"
}
