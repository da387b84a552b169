# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: what an operator needs to see when containers do not get healthy.

# explain_failure TEXT SERVICE…: states, last log lines without secrets, disk and memory; then refuses with TEXT.
explain_failure() {
    failure=$1
    shift
    {
        tail -n 5 "$folder/log/compose.log"
        compose ps -a --format 'table {{.Service}}\t{{.Status}}' || :
        for service in "$@"; do
            echo "--- last lines of $service"
            compose logs --no-color --no-log-prefix --tail 25 "$service" 2>&1 || :
        done
        echo "--- disk and memory"
        df -h / /var/lib/docker 2>/dev/null | sort -u
        free -h | head -n 2
    } 2>/dev/null | masked >&2
    refuse "$failure: the lines above say what was seen; after mending it, run \`pulumi up\` again"
}
