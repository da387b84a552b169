# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: what of the shared services is not as it was applied, a line each. Only reads.

check_shared() {
    for container in "$postgres" "$caddy"; do
        found=$(docker inspect --format '{{.State.Status}}{{if .State.Health}}, {{.State.Health.Status}}{{end}}' "$container" 2>/dev/null || echo missing)
        case $found in running | 'running, healthy') ;; *) echo "server: $container is $found" ;; esac
    done
    [ ! -e "$server/former" ] || echo "server: a change of the shared services has not come to its end"
}

# What Caddy runs, which it saves each time it has loaded something, is what its files say: as a list of words, whose order is not
# the same in both. Between two writes of a deployment they may differ.
check_caddy() {
    exec 9<"$server/lock"
    flock -s -w 10 9 || {
        echo "server: another deployment is at work, and what $caddy runs with was not looked at"
        return 0
    }
    runs=$(container_exec "$caddy" cat /config/caddy/autosave.json </dev/null 2>/dev/null | words_of_json)
    says=$(container_exec "$caddy" caddy adapt --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null 2>/dev/null | words_of_json)
    exec 9<&-
    if [ -z "$runs" ] || [ -z "$says" ]; then
        echo "server: $caddy does not tell its configuration"
    elif [ "$runs" != "$says" ]; then
        echo "server: $caddy runs with another configuration than its files have"
    fi
}

words_of_json() {
    tr '{}[],' '\n' | sort
}
