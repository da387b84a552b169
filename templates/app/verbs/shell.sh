# shellcheck shell=sh disable=SC2154 # variables of app.sh
# A shell in a process of the app, at the terminal that is there: shell PROCESS
# shellcheck source=templates/app/verbs/exec.sh
. "$bin/verbs/exec.sh"

verb_shell() {
    id=$(running_process "${1:-}")
    # What an image has: bash, or else the shell that every one has.
    attended -it -e "TERM=${TERM:-xterm}" "$id" sh -c 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'
}
