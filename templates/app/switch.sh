# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, diagnosis.sh and settling.sh: the containers of $release take over from those that run.
#
# New web and workers start beside the old ones. Once they are healthy the clock is handed over (there are never two); when all that is
# new has run well for a while Caddy's pointer is set, and only then the old ones end: the web when its requests and websockets have,
# each worker after the job it is on. It can be repeated after it was interrupted anywhere: what is not of $release is old, whoever
# started it.

# What need not prove itself, while a release is proving itself beside it: also the run after one that is killed then goes by it.
proving=$folder/release-proving

# switch_to_release SECONDS PATIENCE: previous workers get so many seconds to finish their job, new containers so many to get healthy.
switch_to_release() {
    patience=$2
    if [ -e "$folder/current" ]; then first=; else first=yes; fi
    prove_beside hand_over_clock
    point_to "$new_web"
    ln -sfn "releases/$(basename "$release")" "$folder/.current"
    mv -T "$folder/.current" "$folder/current"
    retire "$1"
    rm -f "$former"
    as_composed || {
        time_step "removing what is of no release"
        compose up -d --no-recreate --remove-orphans >"$folder/log/compose.log" 2>&1 ||
            refuse "the release serves, and docker compose ended with an error afterwards: \`sudo cat $folder/log/compose.log\` on the server shows it; \`./pulumi up\` tries again"
    }
}

# as_composed: whether each service of $release runs in as many containers as that says, and the app has no others.
as_composed() {
    there=$(docker_says ps -a --filter "label=com.docker.compose.project=$project" \
        --format '{{.Label "com.docker.compose.service"}} {{.State}}') || return 1
    wanted=$(while read -r service _ number; do
        for _ in $(seq "$number"); do echo "$service running"; done
    done <"$release/services")
    [ "$(printf '%s\n' "$there" | sort)" = "$(printf '%s\n' "$wanted" | sort)" ]
}

# prove_beside [COMMAND]: starts web and workers of $release beside those that run, and waits until they have proved themselves. COMMAND,
# which may start a $clock, is done while they settle.
prove_beside() {
    before=$(already_proven)
    note_proving
    start_beside
    await_ready
    settled=$(($(now) + settling))
    clock=
    "${1:-true}"
    # An app that was launched before, on another server, has participants.
    if [ -n "${first:-}" ] && [ ! -e "$folder/launch.json" ]; then settle_later; else settle; fi
    rm -f "$proving"
    note_proven
}

# already_proven: the web and workers that need not prove themselves: those that are to end, and those of the release once it has taken
# over. What a run has started that was killed before that has to. What a restart has noted is of the release that is current.
already_proven() {
    serving=$(serving_web)
    # Where an earlier version of this program has brought something since, it says nothing of what serves.
    if ! is_current && grep -qsxF "${serving:-none}" "$proving"; then
        cat "$proving"
        taken_over=
    elif ! is_current; then
        taken_over=$(of_release web yes | grep -xF "${serving:-none}" || :) # grep fails where it finds none
    elif [ -e "$former" ]; then
        taken_over=$(grep -x proven "$former" || :)
    else
        taken_over=yes
    fi
    if [ -n "$taken_over" ]; then
        containers web worker
    else
        of_release web no
        of_release worker no
        # Those that a restart leaves as they are.
        printf '%s\n' "$serving" ${kept:+"$kept"}
    fi
}

# note_proving: a release can have the same web as the one before and more workers, and then nothing else tells its workers apart.
note_proving() {
    ! is_current || return 0
    printf '%s\n' "$before" >"$folder/.release-proving"
    mv "$folder/.release-proving" "$proving"
}

# note_proven: for a restart that is interrupted from here on.
note_proven() {
    if [ ! -e "$former" ] || ! is_current; then return 0; fi
    grep -qx proven "$former" || echo proven >>"$former"
}

# is_current: whether $release is the one that has taken over.
is_current() {
    [ "$(readlink -f "$folder/current")" = "$(readlink -f "$release")" ]
}

# new_of IDS: those that were not there before.
new_of() {
    for id in $1; do
        case $before in *"$id"*) ;; *) echo "$id" ;; esac
    done
}

# Afterwards $started are the containers that are new, and $new_web is the web of $release.
start_beside() {
    step "starting web and workers of the release"
    drop_unused
    drop_ended
    old_web=$(of_release web no)
    old_workers=$(of_release worker no)
    clock_beside=
    # Where there is none yet, there are not two of them.
    if [ -n "${first:-}" ] && [ -n "$(number_of clock)" ] && clocks=$(containers clock) && [ -z "$clocks" ]; then clock_beside=clock; fi
    # shellcheck disable=SC2086 # a word or none
    compose up -d --no-deps --no-recreate \
        --scale "web=$(($(count "$old_web") + 1))" \
        --scale "worker=$(($(count "$old_workers") + $(number_of worker)))" \
        web worker $clock_beside >"$folder/log/compose.log" 2>&1 || fail_switch "web and workers do not start"
    new_webs=$(of_release web yes) || fail_switch "what has been started is not known"
    new_workers=$(of_release worker yes) || fail_switch "what has been started is not known"
    new_web=$(printf '%s\n' "$new_webs" | head -n 1)
    [ -n "$new_web" ] || fail_switch "docker compose has started no web of the release"
    started=$(new_of "$new_webs $new_workers")
}

# What an interrupted run has started and did not get to use.
drop_unused() {
    serving=$(serving_web)
    [ -n "$serving" ] || return 0
    for id in $(of_release web no); do
        [ "$id" = "$serving" ] || docker container rm --force --volumes "$id" >/dev/null
    done
}

# What such a run has left of the release, and has ended or begun again since: it will not be what all_healthy wants.
drop_ended() {
    for id in $(new_of "$(of_release web yes) $(of_release worker yes)") $(unproven_clock); do
        case $(state_of "$id") in 'true '*' 0' | '') ;; *) docker container rm --force --volumes "$id" >/dev/null ;; esac
    done
}

# await_ready: until the web of $release answers and the workers that are new are registered, for up to $patience seconds; fails at once
# when one has ended or begun again. One Python asks all the time, while docker asks once a second; what that says counts once all have
# settled.
await_ready() {
    ready_until=$(($(now) + 100 * patience))
    told_at=$(now)
    until in_container "$new_web" probe.py "$(addresses_inside "$new_web") $(addresses_of_workers)" 5 >"$folder/log/probe.log" 2>&1; do
        # shellcheck disable=SC2086 # one word per container
        [ -z "$started" ] || ! state_of $started | grep -qvx 'true [a-z]* 0' || fail_switch "a container of the release ends by itself"
        if [ "$(now)" -ge "$ready_until" ]; then
            tail -n 3 "$folder/log/probe.log" | masked >&2
            fail_switch "the release did not get healthy within $patience seconds (dallinger:experiment.releases.healthyWithin)"
        fi
        if [ "$(now)" -ge $((told_at + 1000)) ]; then
            say "waiting for the release to get healthy"
            told_at=$(now)
        fi
        sleep 0.5
    done
}

# addresses_inside ID: /summary from inside, which needs the database, and a page by the address that Caddy will use.
addresses_inside() {
    echo "http://127.0.0.1:5000/summary http://$(name_of "$1"):5000/robots.txt"
}

# addresses_of_workers: by which probe.py looks for those that are new. RQ knows them by their host name, which is their id's beginning.
addresses_of_workers() {
    redis=$(container redis)
    [ -n "$redis" ] || return 0
    for id in $(new_of "$new_workers"); do printf 'redis://%s/%.12s ' "$(name_of "$redis")" "$id"; done
}

# await_healthy IDS: until all are, for up to $patience seconds; fails at once when one has ended or begun again.
await_healthy() {
    waited=0
    # shellcheck disable=SC2086 # one word per container
    until [ -z "$1" ] || all_healthy $1; do
        ! printf '%s' "$states" | grep -qvx 'true [a-z]* 0' || fail_switch "a container of the release ends by itself"
        [ "$waited" -lt $((2 * patience)) ] || fail_switch "the release did not get healthy within $patience seconds (dallinger:experiment.releases.healthyWithin)"
        [ $((waited % 20)) -ne 19 ] || say "waiting for the release to get healthy"
        sleep 0.5
        waited=$((waited + 1))
    done
}

# probe_web ID
probe_web() {
    in_container "$1" probe.py "$(addresses_inside "$1")" 60 >"$folder/log/probe.log" 2>&1 || {
        tail -n 3 "$folder/log/probe.log" | masked >&2
        fail_switch "the app does not answer"
    }
}

name_of() {
    docker inspect --format '{{.Name}}' "$1" | cut -c 2-
}

# An image that gets healthy and dies soon after has not proved itself. Where nothing is new there is nothing to wait for.
settle() {
    [ -n "$started$clock" ] || return 0
    time_step "seeing whether what is new runs well"
    # Its last look takes as long as Python starts: what dies in it is seen by docker.
    sleep_until $((settled - 50))
    [ -z "$started" ] || probe_web "$new_web"
    sleep_until "$settled"
    await_healthy "$started $clock"
}

# settle_later: what is new of a first release settles while its site is made. What has ended by now is not forgiven, the clock included,
# which nobody has looked at yet; that can say by its image's own rules whether it is healthy.
settle_later() {
    [ -n "$started$clock" ] || return 0
    # shellcheck disable=SC2086 # one word per container
    if ! states=$(state_of $started $clock) || printf '%s' "$states" | grep -qvx 'true [a-z]* 0'; then
        fail_switch "a container of the release ends by itself"
    fi
    note_unsettled "$settled" || fail_switch "what has been started is not known"
}

# The old clock ends before the new one begins, and stays to be started again should the release fail. Afterwards $clock is what was
# started, and $settled not before that has settled.
hand_over_clock() {
    old_clock=$(of_release clock no)
    if [ -n "$(number_of clock)" ] && [ -z "$(of_release clock yes)" ]; then
        step "handing over the clock"
        compose up --no-start --no-deps --no-recreate --scale "clock=$(($(count "$old_clock") + 1))" clock >"$folder/log/compose.log" 2>&1 ||
            fail_switch "the clock cannot be made"
    fi
    for id in $old_clock; do docker stop "$id" >/dev/null; done
    [ -n "$(number_of clock)" ] || return 0
    if [ -z "$(container clock)" ]; then
        clock=$(of_release clock yes)
        # shellcheck disable=SC2086 # one word per container
        docker start $clock >/dev/null || fail_switch "the clock does not start"
    fi
    clock=$(unproven_clock) || fail_switch "what has been started is not known"
    [ -n "$clock" ] || return 0
    clock_settled=$(($(now) + settling_clock))
    [ "$settled" -ge "$clock_settled" ] || settled=$clock_settled
}

# unproven_clock: the release's, unless what serves has the same: also one that a run has started that was killed.
unproven_clock() {
    grep -qsxF "$(grep '^clock ' "$release/services")" "$folder/current/services" || of_release clock yes
}

# point_to ID: one rename, and every request from then on goes there.
point_to() {
    join_caddy "$project"
    install -d -m 755 "$(dirname "$upstream")"
    next=$(dirname "$upstream")/.$app
    printf '%s:5000\n' "$(name_of "$1")" >"$next"
    chmod 644 "$next"
    cmp -s "$next" "$upstream" || step "the release takes over"
    sync "$next"
    mv "$next" "$upstream"
}

# retire SECONDS: ends what is old.
retire() {
    old_web=$(of_release web no)
    old_workers=$(of_release worker no)
    old_clock=$(of_release clock no)
    [ -n "$old_web$old_workers$old_clock" ] || return 0
    step "the previous web and workers finish what they are on"
    # Without the locks: if this run is killed, the next one need not wait for a job that can take a day.
    for id in $old_web; do { await_quiet "$id" && end_previous web "$id"; } 8<&- 9<&- & done
    for id in $old_workers; do end_previous worker "$id" --time "$1" 8<&- 9<&- & done
    for id in $old_clock; do end_previous clock "$id" 8<&- 9<&- & done
    wait
}

# await_quiet ID: until nobody is connected to a web that is led to no more. Requests end, and a web that cannot keep up has many of
# them still to answer; websockets stay. So it is waited for until nobody has gone for 30 s, and 120 s at most. When it is told to
# end, gunicorn drops the connections that it has taken and not yet begun with.
await_quiet() {
    process=
    waited=0 quiet=0 least=1000000 gone=0
    while [ "$waited" -lt 480 ] && [ $((waited - gone)) -lt 120 ]; do
        [ -n "$process" ] || process=$(docker inspect --format '{{.State.Pid}}' "$1" 2>/dev/null) || process=
        # Docker says 0 of a container that has ended.
        if [ "$process" = 0 ] || { [ -n "$process" ] && [ ! -e "/proc/$process" ]; }; then return 0; fi
        [ "$waited" -eq 0 ] || sleep 0.25
        waited=$((waited + 1))
        # Somebody may be there whom nobody sees.
        connected=$(connections_to_web "$process") || { quiet=0 gone=$waited && continue; }
        if [ "$connected" -eq 0 ]; then quiet=$((quiet + 1)); else quiet=0; fi
        # Half a second, and not a moment: that can be between two requests that have looked the old web up.
        [ "$quiet" -lt 3 ] || return 0
        if [ "$connected" -lt "$least" ]; then least=$connected gone=$waited; fi
        [ $((waited % 40)) -ne 0 ] || say "the previous web has $connected connections left"
    done
}

# connections_to_web PROCESS: how many are connected to port 5000 of the container with this process; state 01 is "established". Fails
# where that cannot be read: no answer is no good sign.
connections_to_web() {
    [ -n "$1" ] && [ -r "/proc/$1/net/tcp" ] || return 1
    awk '$2 ~ /:1388$/ && $4 == "01" { connections++ } END { print connections + 0 }' "/proc/$1/net/tcp" 2>/dev/null
}

# end_previous SERVICE ID OPTION…: stops a container, keeps its log and removes it.
end_previous() {
    service=$1
    id=$2
    shift 2
    docker stop "$@" "$id" >/dev/null 2>&1
    docker inspect "$id" >/dev/null 2>&1 || return 0 # another run has ended it, and has its log
    previous_logs=$folder/log/former
    install -d -m 700 "$previous_logs"
    log_name=$service-$(date -u +%Y%m%dT%H%M%SZ)-$(printf %.12s "$id")$(former_release "$service" "$id").log.gz
    (umask 077 && docker logs --timestamps "$id" 2>&1 | gzip 2>/dev/null >"$previous_logs/.$log_name.$$" && mv "$previous_logs/.$log_name.$$" "$previous_logs/$log_name") ||
        say "the log of a previous $service cannot be kept: there is no room in $folder"
    docker container rm --force --volumes "$id" >/dev/null 2>&1
}

# former_release SERVICE ID: `-RELEASE`, the latest that is kept of those that the container is of; nothing where none is.
former_release() {
    made=$(docker inspect --format '{{index .Config.Labels "dallinger.made-from"}}' "$2" 2>/dev/null) || return 0
    # shellcheck disable=SC2012 # the names are hexadecimal digits
    ls -1t "$releases" | while read -r kept; do
        ! grep -q "^$1 $made " "$releases/$kept/services" || { echo "-$kept" && break; }
    done
}

# fail_switch TEXT: shows why, and takes away what was started; the previous release goes on as it was.
fail_switch() {
    failed=$(new_of "$(of_release web yes) $(of_release worker yes)")
    failed_clock=$(of_release clock yes)
    # shellcheck disable=SC2086 # one word per container
    show_containers $failed $failed_clock
    if [ -e "$folder/current" ] && [ "$(readlink -f "$folder/current")" != "$(readlink -f "$release")" ]; then
        # shellcheck disable=SC2086 # one word per container
        [ -z "$failed" ] || docker container rm --force --volumes $failed >/dev/null
        rm -f "$proving"
        use_release "$folder/current"
        restore_clock
        refuse "$1: the lines above say what was seen. The previous release goes on serving; once that is put right, run \`./pulumi up\` again"
    fi
    refuse "$1: the lines above say what was seen; once that is put right, run \`./pulumi up\` again"
}

# The clock of the previous release, if it had one, in place of the one that failed.
restore_clock() {
    for id in $(of_release clock no); do docker container rm --force --volumes "$id" >/dev/null; done
    [ -n "$(number_of clock)" ] || return 0
    compose up -d --no-deps --no-recreate clock >"$folder/log/compose.log" 2>&1 || say "the previous release's clock does not start: \`sudo cat $folder/log/compose.log\` on the server says why"
}
