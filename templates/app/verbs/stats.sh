# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints what the app's containers use: stats [--counted | --follow]
# A line of Docker's JSON for each that runs; with --counted before and after those a line `accepted WEB NUMBER SECONDS` for each web, the
# connections that it has taken since its start and the time at which that was so; with --follow that again and again, each time with
# a line `end`, until nobody reads it any more.

verb_stats() {
    case ${1:-} in
    --follow) while tell_use && echo end 2>/dev/null; do [ -n "$(container web)" ] || sleep 1; done ;;
    --counted) tell_use ;;
    *) use_of_containers ;;
    esac
}

# It takes Docker two seconds. Where it does not say it, one of them is waited for.
tell_use() {
    count_accepted
    use_of_containers || sleep 1
    count_accepted
}

use_of_containers() {
    # shellcheck disable=SC2046 # a container a word
    set -- $(docker ps -q --filter "label=com.docker.compose.project=$project")
    [ "$#" -eq 0 ] || docker stats --no-stream --format '{{json .}}' "$@"
}

# Caddy keeps no connection to a web (components/targets/server/caddySite.ts): each request is one, and each websocket. By the kernel's
# count, which costs nothing, and which is not what an app says of itself.
count_accepted() {
    for id in $(containers web); do
        found=$(docker inspect --format '{{.State.Pid}} {{.Name}}' "$id" 2>/dev/null) || continue
        number=$(awk '$1 == "Tcp:" && !column { for (i = 2; i <= NF; i++) if ($i == "PassiveOpens") column = i; next } $1 == "Tcp:" { print $column }' "/proc/${found%% *}/net/snmp" 2>/dev/null) || continue
        echo "accepted ${found#* /} $number $(cut -d' ' -f1 /proc/uptime)"
    done
}
