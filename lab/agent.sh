# shellcheck shell=bash
# The operator's ssh agent of a lab, with the key that its servers accept: `./pulumi` authenticates with it as with a person's own.

agent_socket() {
    printf '%s/agent.sock\n' "$(lab_folder "$1")"
}

# Starts the agent of lab $1, unless it answers already.
agent_start() {
    local folder
    folder=$(lab_folder "$1")
    if ! agent_answers "$1"; then
        agent_stop "$1"
        # shellcheck disable=SC2016 # the inner shell expands it
        start_detached /dev/null sh -c 'echo $$ >"$1" && exec ssh-agent -D -a "$2"' sh "$folder/agent.pid" "$(agent_socket "$1")"
        wait_until 50 agent_answers "$1" || die "the ssh agent of lab $1 did not start"
    fi
    SSH_AUTH_SOCK=$(agent_socket "$1") ssh-add -q "$folder/key"
}

# An agent without keys answers with status 1, none at all with 2.
agent_answers() {
    local status=0
    SSH_AUTH_SOCK=$(agent_socket "$1") ssh-add -l >/dev/null 2>&1 || status=$?
    [ "$status" -ne 2 ]
}

agent_stop() {
    local pid
    pid=$(cat "$(lab_folder "$1")/agent.pid" 2>/dev/null) || return 0
    # After a restart of the machine the number may be another process's.
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != ssh-agent ] || kill "$pid" 2>/dev/null || true
    rm -f "$(agent_socket "$1")" "$(lab_folder "$1")/agent.pid"
}

# wait_until TENTHS COMMAND…: until the command succeeds, for up to that many tenths of a second.
wait_until() {
    local tries=$1
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}
