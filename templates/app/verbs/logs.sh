# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints what processes of the app have logged, of all by default, without what is secret: logs [OPTION…] [PROCESS…]
#   --follow                goes on with what is about to be logged; an empty line comes while there is nothing
#   --since TIME|-SECONDS   leaves out what is older, a UTC time or so many seconds ago
#   --text TEXT             only lines in which that stands, to the letter
#   --release RELEASE|all   that of its containers, and of those that other releases have taken the place of; else of the containers that are there
#
# A line is `TIME CONTAINER | TEXT`, the earliest first. However much there is, a line of each container is all that is held.

verb_logs() {
    follow=''
    since=''
    text=''
    of=''
    while [ "$#" -gt 0 ]; do
        case $1 in
        --follow) follow=yes ;;
        --since) since=$2 && shift ;;
        --text) text=$2 && shift ;;
        --release) of=$2 && shift ;;
        *) break ;;
        esac
        shift
    done
    services=" ${*:-web worker clock redis pgbouncer} "
    now=$(date +%s)
    case $since in -*) since=$(date -u -d "@$((now - ${since#-}))" +%Y-%m-%dT%H:%M:%SZ) ;; esac
    require_logs
    # In memory, where there is one: what is full may be the disk.
    streams=$(mktemp -d -p /run 2>/dev/null || mktemp -d)
    processes=
    trap end_logs EXIT
    trap 'exit 143' HUP INT TERM
    # What is logged at this moment may not be there for a moment.
    moment=$(date -u -d '1 second ago' +%Y-%m-%dT%H:%M:%S.%NZ)
    print_logged
    [ -z "$follow" ] || follow_logs
}

end_logs() {
    # shellcheck disable=SC2086 # a process a word
    [ -z "$processes" ] || kill $processes 2>/dev/null || :
    rm -rf "$streams"
}

# A release of which nothing is left has logged nothing that could be shown.
require_logs() {
    case $of in
    '' | all) return 0 ;;
    *[!0-9a-f]*) refuse "$of is no release: \`./ops/dallinger releases\` lists them" ;;
    esac
    [ ! -e "$releases/$of" ] || return 0
    for log in "$folder/log/former"/*-"$of".log.gz; do [ ! -e "$log" ] || return 0; done
    refuse "neither the release $of is kept nor what it has logged: \`./ops/dallinger releases\` lists those that are"
}

# Each log comes through a pipe of its own, and they are merged by the time at the beginning of their lines.
print_logged() {
    number=0
    listed=$(listed_containers)
    for container in $listed; do
        next_stream
        { container_log "${container%%/*}" ${since:+--since "$since"} ${follow:+--until "$moment"} | logged_by "${container##*/}" >"$stream"; } &
    done
    for log in $(former_logs); do
        next_stream
        { gzip -dc "$folder/log/former/$log" | logged_by "$(former_name "$log")" >"$stream"; } &
    done
    if [ "$number" -gt 0 ]; then
        LC_ALL=C sort -m -s -k 1,1 "--batch-size=$((number + 2))" "$streams"/* | masked_by "$(secret_lists)" 4000 | with_text
    elif [ -z "$follow" ]; then
        say "there is nothing that ${services# }of $app could have logged: \`./ops/dallinger status\` says what runs"
    fi
}

next_stream() {
    number=$((number + 1))
    stream=$streams/$(printf %05d "$number")
    mkfifo "$stream"
}

# listed_containers: ID/NAME of those that are asked for, a word each.
listed_containers() {
    there=$(docker_says ps -a --no-trunc --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
        --format '{{.ID}} {{.Label "com.docker.compose.service"}} {{.Names}} {{.Label "dallinger.made-from"}}') || exit 1
    printf '%s\n' "$there" | while read -r id service name made; do
        case $services in *" $service "*) ;; *) continue ;; esac
        case $of in
        '' | all) ;;
        *) grep -q "^$service $made " "$releases/$of/services" 2>/dev/null || continue ;;
        esac
        echo "$id/${name#"$project-"}"
    done
}

# container_log ID OPTION…: where Docker does not give it, that is a line of it.
container_log() {
    id=$1
    shift
    docker logs --timestamps "$@" "$id" 2>&1 || echo "$(date -u +%Y-%m-%dT%H:%M:%S.%NZ) (Docker does not give this log)"
}

# former_logs: files of what former containers have logged, those that have ended before the time that is asked for left out.
former_logs() {
    [ -n "$of" ] || return 0
    earliest=$(printf '%s' "$since" | tr -cd '0-9' | cut -c 1-14)
    # shellcheck disable=SC2012 # scripts have named them
    ls -1 "$folder/log/former" 2>/dev/null | while read -r log; do
        case $services in *" ${log%%-*} "*) ;; *) continue ;; esac
        case $of/$log in all/*.log.gz | "$of"/*-"$of".log.gz) ;; *) continue ;; esac
        ended=$(printf '%s' "$log" | cut -d- -f2 | tr -cd '0-9')
        [ -z "$earliest" ] || [ "$ended" -ge "$earliest" ] || continue
        echo "$log"
    done
}

# former_name web-20260102T030405Z-ID….log.gz: web-ID.
former_name() {
    printf '%s' "$1" | sed 's/-[^-]*-\([0-9a-f]*\).*/-\1/'
}

# logged_by NAME: lines of a log, `TIME TEXT`, with the name of who has logged them. One without a time goes on where another was cut.
logged_by() {
    # shellcheck disable=SC2046 # options
    stdbuf -oL fold -b -w 16384 | LC_ALL=C awk $(read_at_once "$follow") -v name="$1" -v since="${since%Z}" -v at_once="$follow" '
        /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9:.]*Z( |$)/ && $1 >= since {
            at = index($0 " ", " ")
            print substr($0, 1, at - 1) " " name " | " substr($0, at + 1)
            if (at_once) fflush()
        }'
}

# What is looked for is no pattern, and no program text.
with_text() {
    if [ -z "$text" ]; then
        cat
        return
    fi
    # shellcheck disable=SC2046 # options
    LC_ALL=C TEXT=$text awk $(read_at_once "$follow") -v at_once="$follow" '
        /^\(lines are kept back/ || index(substr($0, index($0, " | ") + 3), ENVIRON["TEXT"]) { print; if (at_once) fflush() }'
}

# Goes on with each container that runs, from the moment on, and those that are started later from their beginning. Who reads may
# have gone: that is only seen by writing.
follow_logs() {
    followed=
    begin=$moment
    while echo 2>/dev/null; do
        for container in $(listed_containers); do
            id=${container%%/*}
            process=$(printf '%s\n' "$followed" | sed -n "s/^$id //p" | tail -n 1)
            if [ -n "$process" ] && [ -e "/proc/$process" ]; then continue; fi
            [ "$(docker inspect --format '{{.State.Running}}' "$id" 2>/dev/null)" = true ] || continue
            follow_container "$id" "${container##*/}"
        done
        begin=
        sleep 2
    done
}

# follow_container ID NAME
follow_container() {
    next_stream
    docker logs --timestamps --follow --since "${begin:-$(docker inspect --format '{{.State.StartedAt}}' "$1" 2>/dev/null)}" "$1" >"$stream" 2>&1 &
    processes="$processes $!"
    followed="$followed
$1 $!"
    logged_by "$2" <"$stream" | masked_by "$(secret_lists)" 4000 yes | with_text &
}
