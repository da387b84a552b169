# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints what the app's containers use at the moment, a line of Docker's JSON for each that runs.

verb_stats() {
    # shellcheck disable=SC2046 # a container a word
    set -- $(docker ps -q --filter "label=com.docker.compose.project=$project")
    [ "$#" -eq 0 ] || docker stats --no-stream --format '{{json .}}' "$@"
}
