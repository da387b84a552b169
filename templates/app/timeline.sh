# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, by app.sh: what a deployment's runs take their time for, for `./ops/dallinger timings`.
#
# log/timings/VERB tells of the last run of that verb that has come to its end and had something to do: when it ended, and for each step,
# which lasts until the next, "HUNDREDTHS STEP": hundredths of a second, and what is said of it.

# now: hundredths of a second since the machine has started, whatever becomes of its clock.
now() {
    read -r seconds_up _ </proc/uptime
    echo "${seconds_up%.*}${seconds_up#*.}"
}

timeline=
step_named="receiving it, and waiting for others' commands"
step_since=$(now)

# step TEXT: one line of progress, and what is done from here on until the next.
step() {
    say "$1"
    time_step "$1"
}

# time_step TEXT: the same where nothing is to be said.
time_step() {
    step_ended=$(now)
    timeline="$timeline$((step_ended - step_since)) $step_named
"
    step_named=$1
    step_since=$step_ended
}

# keep_timeline VERB: of a run that has come to its end.
keep_timeline() {
    [ -n "$timeline" ] || return 0
    time_step ""
    # A full disk undoes no deployment.
    {
        install -d -m 700 "$folder/log/timings" &&
            { date -u +%Y-%m-%dT%H:%M:%SZ && printf %s "$timeline"; } >"$folder/log/timings/.$1" &&
            mv "$folder/log/timings/.$1" "$folder/log/timings/$1"
    } 2>/dev/null || say "how long it took is not kept: there is no room in $folder"
}
