# shellcheck shell=sh disable=SC2154,SC2034 # variables of the scripts that source this, and of this for them
# Sourced, after app.sh and schedule.sh: brings an app to rest so that nothing it has accepted is missing from the backup that follows.

# What the app still does is not known, and it is not taken for nothing.
unanswered="Docker does not say which containers the app has"

# drain SECONDS: nobody gets in, web and clock end, the workers empty their queues (for up to SECONDS) and end.
drain() {
    close_site
    there=$(containers web worker clock) || resume "$unanswered"
    [ -n "$there" ] || return 0
    say "stopping web and clock"
    stop_services web clock
    await_queues "$1"
    say "stopping the workers"
    stop_services worker
    for service in web clock worker; do
        running=$(container "$service") || resume "$unanswered"
        [ -z "$running" ] || resume "the app's containers do not stop: \`docker ps\` on the server shows them"
    done
}

# Each with the grace its service has in the compose file, all at once.
stop_services() {
    stopping=$(containers "$@") || resume "$unanswered"
    for id in $stopping; do
        docker stop "$id" >/dev/null 2>&1 &
    done
    wait
}

# Caddy lets requests under way finish (its grace_period) and takes no new ones.
close_site() {
    [ ! -e "$site" ] || say "taking the site off"
    with_server_lock take_site_off
}

take_site_off() {
    rm -f "$site"
    # Also where it was gone: a run that was killed may not have come to loading that. A Caddy that does not run begins with what is there.
    caddy_reload || ! caddy_runs || refuse "Caddy did not reload: \`docker logs $caddy\` on the server says why"
}

caddy_runs() {
    caddies=$(docker ps -q --filter "name=^/$caddy\$") || return 0 # not known to be down
    [ -n "$caddies" ]
}

# What a participant has sent may still wait in Redis for a worker. Without one nobody would work on it: it is saved as it is.
await_queues() {
    worker=$(container worker) || resume "$unanswered"
    [ -n "$worker" ] || return 0
    waited=0
    while
        jobs=$(queued_jobs) ||
            resume "Redis of $app does not say how many jobs the workers still have (\`sudo docker compose -p $project logs redis\` on the server says why): mend it, then run \`./pulumi destroy\` again; \`sudo docker compose -p $project stop worker\` there gives the jobs up"
        [ "$jobs" -gt 0 ]
    do
        [ "$waited" -lt "$1" ] || resume "the workers still have $jobs jobs after $1 s: run \`./pulumi destroy\` again to give them more time, or set dallinger:experiment.backup.workersTimeout higher"
        [ $((waited % 10)) -ne 0 ] || say "waiting for the workers: $jobs jobs left"
        sleep 1
        waited=$((waited + 1))
    done
}

# Dallinger's three queues of RQ: waiting (rq:queue:NAME, a list) and under way (rq:wip:NAME, a sorted set). Fails unless each of
# them says a number: redis-cli tells errors on standard output, too.
queued_jobs() {
    redis=$(container redis) || return 1
    [ -n "$redis" ] || return 1
    total=0
    for question in "LLEN rq:queue:high" "LLEN rq:queue:default" "LLEN rq:queue:low" "ZCARD rq:wip:high" "ZCARD rq:wip:default" "ZCARD rq:wip:low"; do
        # shellcheck disable=SC2086 # a command and a key
        number=$(container_exec "$redis" redis-cli $question </dev/null) || return 1
        case $number in '' | *[!0-9]*) return 1 ;; esac
        total=$((total + number))
    done
    echo "$total"
}

# resume TEXT: starts the app again, without its site, and refuses with TEXT: everything is kept.
resume() {
    wake_schedule
    {
        containers redis pgbouncer web worker
        clock_that_ran
    } | xargs -r docker start >/dev/null 2>&1 || say "not all containers of the app could be started again: \`sudo docker compose -p $project ps -a\` on the server shows them"
    refuse "$1. Nothing has been removed but the site; \`./pulumi up\` brings it back"
}

# clock_that_ran: a run that was killed may have left the former release's beside it, and there are never two.
clock_that_ran() {
    own_clock=$(of_release clock yes 2>/dev/null) || own_clock=
    if [ -n "$own_clock" ]; then echo "$own_clock"; else containers clock; fi
}

# give_up TEXT: what becomes of an app that could not be saved, and $unsaved says of it.
unsaved="so nothing is dropped"
give_up() {
    resume "$1"
}

# Nobody else has business in the database of a drained app.
end_sessions() {
    end_own_sessions "$database"
}
