# shellcheck shell=sh
# Prints what processes of the app have logged, of all by default: logs [--follow] [PROCESS…]

verb_logs() {
    compose logs --no-color --timestamps "$@"
}
