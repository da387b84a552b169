# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: what an operator needs to see when containers do not get healthy.

# show_containers ID…: their states and last log lines without secrets, then disk and memory.
show_containers() {
    {
        tail -n 5 "$folder/log/compose.log"
        compose ps -a --format 'table {{.Name}}\t{{.Status}}' || :
        for id in "$@"; do
            echo "--- last lines of $(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' "$id")"
            docker logs --tail 25 "$id" 2>&1 || :
        done
        echo "--- disk and memory"
        df -h / /var/lib/docker 2>/dev/null | sort -u
        free -h | head -n 2
    } 2>/dev/null | masked >&2
}

# explain_failure TEXT ID…: shows the containers, and refuses with TEXT.
explain_failure() {
    failure=$1
    shift
    show_containers "$@"
    refuse "$failure: the lines above say what was seen; after mending it, run \`pulumi up\` again"
}
