# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, diagnosis.sh and pinned.sh: Redis and pgbouncer of the app, which its processes need from their first moment on.

# start_stores PAYLOAD
start_stores() {
    step "starting Redis and pgbouncer"
    # What their references mean is decided by the server's stack. One that an earlier version has brought up does not say.
    [ ! -e "$1/pinned" ] || tag_pinned "$1/pinned"
    compose up -d redis pgbouncer >"$folder/log/compose.log" 2>&1 || {
        # shellcheck disable=SC2046 # one word per container
        explain_failure "Redis or pgbouncer does not start" $(containers redis pgbouncer)
    }
    await_stores "$(cat "$1/healthy-within")"
}

# await_stores SECONDS: until both answer, for up to that, and for two minutes in any case; asked at once and often, while docker asks them
# every half a second at first, and compose docker. Fails when one has ended or begun again.
await_stores() {
    if ! stores=$(containers redis pgbouncer) || [ -z "$stores" ] || ! begun=$(restarts_of "$stores"); then
        refuse "docker compose has started Redis and pgbouncer of $app, and Docker does not say how they are: run \`./pulumi up\` again"
    fi
    store_patience=$1
    [ "$store_patience" -ge 120 ] || store_patience=120
    waited_until=$(($(now) + 100 * store_patience))
    until stores_answer; do
        seen=$(restarts_of "$stores") || seen=$begun # it does not answer at the moment
        if [ "$(now)" -ge "$waited_until" ] || [ "$seen" != "$begun" ]; then
            # shellcheck disable=SC2086 # one word per container
            explain_failure "Redis or pgbouncer did not get healthy" $stores
        fi
        sleep 0.1
    done
}

# restarts_of IDS: a line each, how often docker has started it again; one that has ended is told from one that runs.
restarts_of() {
    # shellcheck disable=SC2086 # one word per container
    docker inspect --format '{{.State.Running}} {{.RestartCount}}' $1 2>/dev/null
}

stores_answer() (
    # shellcheck disable=SC2034 # container_exec
    exec_within=5
    redis=$(container redis) && pgbouncer=$(container pgbouncer) && [ -n "$redis" ] && [ -n "$pgbouncer" ] || return 1
    # One that cannot write to its disk answers, and is not kept from a release that may help; one that still loads what it holds is.
    case $(container_exec "$redis" redis-cli ping </dev/null 2>/dev/null | tr -d '\r') in PONG | MISCONF*) ;; *) return 1 ;; esac
    container_exec "$pgbouncer" pg_isready -q -h 127.0.0.1 -p 5432 </dev/null >/dev/null 2>&1
)
