# shellcheck shell=sh disable=SC2154 # variables of app.sh
# What the last deployment has taken its time for, as timeline.sh keeps it: for each of its commands a line "ended COMMAND TIME", and
# "step HUNDREDTHS STEP" for each of its steps. Only reads.

verb_timings() {
    for verb_timed in database release site launch; do
        [ ! -e "$folder/log/timings/$verb_timed" ] ||
            sed "1s/^/ended $verb_timed /;2,\$s/^/step /" "$folder/log/timings/$verb_timed"
    done
}
