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

count() {
    printf '%s' "$1" | grep -c . || : # grep counts, and fails at none
}

# sleep_until MOMENT, in hundredths of a second of this machine's time.
sleep_until() {
    left=$(($1 - $(now)))
    [ "$left" -le 0 ] || sleep "$(printf '%d.%02d' $((left / 100)) $((left % 100)))"
}

# processes_there: the ids of all webs, workers and clocks of the app; fails where there are none, or docker does not answer.
processes_there() {
    processes=$(containers web worker clock) && [ -n "$processes" ] && printf '%s\n' "$processes"
}

# starts_of_processes: a line each, with when docker has started it.
starts_of_processes() {
    # shellcheck disable=SC2086 # one word per container
    processes=$(processes_there) && docker inspect --format '{{.Id}} {{.State.StartedAt}}' $processes 2>/dev/null
}

# note_unsettled MOMENT: what runs has to run well until then.
note_unsettled() {
    { echo "$1" && starts_of_processes; } >"$folder/.release-settling" || return 1
    mv "$folder/.release-settling" "$unsettled"
}

# settle_first: until the first release has settled. What does not run as it was noted, be it that it was started anew, has to from now on.
settle_first() {
    [ -e "$unsettled" ] || return 0
    step "seeing whether what is new runs well"
    as_noted || begin_again
    # A moment of an earlier start of the machine can be months away.
    moment=$(head -n 1 "$unsettled")
    latest=$(($(now) + settling + settling_clock))
    [ "$moment" -le "$latest" ] || moment=$latest
    sleep_until $((moment - 50))
    ask_web
    sleep_until "$moment"
    refuse_ended
    rm "$unsettled"
}

# refuse_ended: where what has to settle does not run as it was noted, or is not healthy.
refuse_ended() {
    [ -e "$unsettled" ] || return 0
    await_first_answers
    if as_noted && well; then return 0; fi
    # shellcheck disable=SC2046 # one word per container
    show_containers $(processes_there)
    refuse_unsettled "a container of the first release has ended, or is not healthy"
}

as_noted() {
    noted=$(sed 1d "$unsettled")
    [ -n "$noted" ] && [ "$(starts_of_processes)" = "$noted" ]
}

# well: whether there are as many as the release has, and all run, and those are healthy that say so. How often docker has started one
# again is none of its business: after a start of the machine it may have been until its database was there.
well() {
    # shellcheck disable=SC2046 # one word per container
    states=$(state_of $(processes_there)) && [ "$(count "$states")" -eq "$(number_of_processes)" ] &&
        ! printf '%s' "$states" | grep -qvx 'true healthy [0-9]*'
}

number_of_processes() {
    awk '$1 == "web" || $1 == "worker" || $1 == "clock" { number += $3 } END { print number + 0 }' "$release/services"
}

# await_first_answers: up to a minute for what docker has not yet asked whether it is healthy, and which it asks by the image's own rules.
await_first_answers() {
    for _ in $(seq 60); do
        # shellcheck disable=SC2046 # one word per container
        state_of $(processes_there) | grep -q ' starting ' || break
        sleep 1
    done
}

# begin_again: up to a minute until all are well, and then they have to stay so.
begin_again() {
    for _ in $(seq 60); do
        ! well || break
        sleep 1
    done
    note_unsettled "$(($(now) + settling))" || {
        show_containers
        refuse_unsettled "no process of it runs on this server, or Docker does not answer there"
    }
}

# ask_web: docker asks it once a minute, and does not ask what needs the database.
ask_web() {
    web=$(process_of web)
    if [ -z "$web" ] || ! in_container "$web" probe.py http://127.0.0.1:5000/summary 60 >"$folder/log/probe.log" 2>&1; then
        refuse_ended
        [ -z "$web" ] || tail -n 3 "$folder/log/probe.log" | masked >&2
        refuse_unsettled "its web does not answer"
    fi
}

# refuse_unsettled TEXT
refuse_unsettled() {
    refuse "$app is not launched, because $1: the lines above say what was seen; once that is put right, run \`./pulumi up\` again; \`./ops/dallinger check\` says what on the server is not as the stack has it, and \`./ops/dallinger mend\` has \`up\` bring that anew"
}
