# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh and diagnosis.sh: whether what has been started runs well for a while, which an image does not prove by getting
# healthy.
#
# A release settles before it takes over from another one. A first one, which nobody is served by yet, settles while its site is made;
# the launch, which recruits for money, waits for that.

# Hundredths of a second that new containers have to run well before they count: web and workers once they are healthy, and the clock,
# which nobody asks whether it is, once it runs.
settling=500
# shellcheck disable=SC2034 # switch.sh
settling_clock=300

# There while the first release has yet to settle: until when, in hundredths of a second of this machine's time, and for each of its
# containers its id and when that was started.
unsettled=$folder/release-settling

# state_of ID…: a line each, "RUNNING HEALTH RESTARTS".
state_of() {
    docker inspect --format '{{.State.Running}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}} {{.RestartCount}}' "$@" 2>/dev/null
}

# all_healthy ID…: afterwards $states is what docker says of them; that it says nothing is no good sign.
all_healthy() {
    states=$(state_of "$@") && ! printf '%s' "$states" | grep -qvx 'true healthy 0'
}

# sleep_until MOMENT, in hundredths of a second of this machine's time.
sleep_until() {
    left=$(($1 - $(now)))
    [ "$left" -le 0 ] || sleep "$(printf '%d.%02d' $((left / 100)) $((left % 100)))"
}

# processes_of_release: their ids; fails where there are none, or docker does not answer.
processes_of_release() {
    for service in web worker clock; do of_release "$service" yes || return 1; done | grep .
}

# starts_of IDS: a line each, with when docker has started it.
starts_of() {
    # shellcheck disable=SC2086 # one word per container
    docker inspect --format '{{.Id}} {{.State.StartedAt}}' $1 2>/dev/null
}

# note_unsettled MOMENT: what runs has to run well until then.
note_unsettled() {
    { echo "$1" && starts_of "$(processes_of_release)"; } >"$folder/.release-settling" || return 1
    mv "$folder/.release-settling" "$unsettled"
}

# settle_first: until the first release has settled. What does not run as it was noted, be it that it was started anew, has to from now on.
settle_first() {
    [ -e "$unsettled" ] || return 0
    time_step "seeing whether what is new runs well"
    as_noted || begin_again
    sleep_until "$(head -n 1 "$unsettled")"
    if ! as_noted || ! well; then
        # shellcheck disable=SC2046 # one word per container
        show_containers $(processes_of_release)
        refuse "a container of the first release of $app has ended, or is not healthy any more, so nothing is launched: the lines above say what was seen; once that is put right, run \`./pulumi up\` again"
    fi
    rm "$unsettled"
}

as_noted() {
    [ "$(starts_of "$(processes_of_release)")" = "$(sed 1d "$unsettled")" ]
}

# well: whether all run, and those are healthy that say so.
well() {
    # shellcheck disable=SC2046 # one word per container
    states=$(state_of $(processes_of_release)) && ! printf '%s' "$states" | grep -qvx 'true healthy [0-9]*'
}

# begin_again: up to a minute until all are well, and then they have to stay so.
begin_again() {
    for _ in $(seq 60); do
        ! well || break
        sleep 1
    done
    note_unsettled "$(($(now) + settling))" || refuse "no process of $app runs on this server, or Docker does not answer there, so nothing is launched: \`./ops/dallinger check\` says how to mend it"
}
