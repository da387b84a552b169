# shellcheck shell=sh disable=SC2154 # variables of server.sh
# What of the shared services is not as the stack says: check [APPLIED], a line each; nothing when all is. Only reads.
# APPLIED is the SHA-256 sum of the payload that was applied last, as the stack's state has it.
# shellcheck source=templates/shared/differences.sh
. "$bin/differences.sh"

verb_check() {
    require_layout
    check_shared
    last=$(cat "$server/applied" 2>/dev/null || echo none)
    [ -z "${1:-}" ] || [ "$last" = "$1" ] || echo "server: what was applied last is not what the stack has"
    check_files
    check_made_from
    check_caddy
}

check_files() {
    [ -e "$server/applied-files" ] || return 0 # an earlier version of this program has applied them
    (cd "$server" && sha256sum --quiet --check applied-files 2>/dev/null) | sed -n 's/: FAILED.*//p' | while read -r file; do
        echo "server: $server/$file is not what was applied"
    done
}

# A container that somebody has made anew is made from something else than the compose file says.
check_made_from() {
    docker compose -f "$server/compose.yaml" config --hash '*' </dev/null 2>/dev/null | while read -r service hash; do
        made=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "dlgr-server-$service" 2>/dev/null) || continue
        [ "$made" = "$hash" ] || echo "server: dlgr-server-$service is made from something else"
    done
}
