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
    refuse "$failure: the lines above say what was seen; once that is put right, run \`./pulumi up\` again"
}

# refuse_address URL SECONDS: with what authorities have answered to Caddy since then, in seconds of the epoch, or else Caddy's last lines.
refuse_address() {
    host=${1#https://}
    answers=$(docker logs --since "$2" "$caddy" </dev/null 2>&1 | authority_answers "$host")
    if [ -n "$answers" ]; then
        printf '%s\n' "$answers" >&2
        refuse "$host gets no certificate: the line above says why. DNS has to lead that name to this server, ports 80 and 443 have to be open to whom dallinger:server.tls names, and the server has to reach them; after mending it run \`./pulumi up\` again, which asks anew"
    fi
    docker logs --tail 10 "$caddy" </dev/null 2>&1 | cut -c1-400 >&2
    refuse "$1 does not answer over verified TLS: the lines above are the probe's and Caddy's last ones"
}

# authority_answers HOST: from Caddy's log on standard input, the last reason of each authority for giving no certificate.
authority_answers() {
    grep -F '"msg":"could not get certificate from issuer"' | grep -F "\"identifier\":\"$1\"" |
        sed -nE 's/.*"issuer":"([^"]*)","error":"(([^"\\]|\\.)*)".*/\1 answers: \2/p' | sed 's/\\"/"/g' |
        awk '{ last[$1] = $0 } END { for (issuer in last) print substr(last[issuer], 1, 600) }'
}
