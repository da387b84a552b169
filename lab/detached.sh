# shellcheck shell=bash
# Processes that outlive the command that starts them.

# Starts "${@:2}" in a session of its own, its output in file $1. It holds none of this shell's files open, however many the
# caller gave it: who waits for the end of our output would wait for ever.
start_detached() {
    local output=$1
    shift
    (
        for fd in /proc/"$BASHPID"/fd/*; do
            [ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
        done
        exec setsid --fork "$@" </dev/null >"$output" 2>&1
    )
}
