# shellcheck shell=sh
# Sourced by ./pulumi, after runs.sh. Killed, Pulumi leaves its plugins running, its language host and the program that this one runs,
# with their connections and what they have started; and in its folder for temporary files the language host's pipes.

# end_left_behind NOTE: ends what has lost its parent of the run's plugins and programs, and all that these have started. What else
# has the run's name in its environment, an editor perhaps, is somebody's who still wants it.
end_left_behind() {
    run=${1##*/}
    left=$(left_behind "$run")
    [ -n "$left" ] || return 0
    echo "pulumi: a run of it was killed (process $(noted "$1" pid)); what it has left behind is ended" >&2
    signal_each TERM "$left"
    waited=0
    until [ -z "$(still_there "$left")" ] || [ "$waited" -ge 30 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    signal_each KILL "$left"
}

# processes_of RUN: numbers of this user's processes that it has started, or they have. Elsewhere than on Linux: of none.
processes_of() {
    [ -r /proc/self/environ ] || return 0
    grep -lsF -e "DALLINGER_PULUMI_RUN=$1" /proc/[0-9]*/environ | cut -d / -f 3
}

# left_behind RUN: a line "PID BEGAN" for each process to end.
left_behind() {
    for pid in $(processes_of "$1"); do
        line=$(after_name "$pid")
        [ -z "$line" ] || echo "$pid $(is_pulumis_own "$pid" && echo own || echo other) $line"
    done | awk '
        { own[$1] = $2 == "own"; parent[$1] = $4; began[$1] = $22 }
        END {
            for (pid in parent) {
                eldest = pid
                while (parent[eldest] in parent) eldest = parent[eldest]
                if (own[eldest]) print pid, began[pid]
            }
        }'
}

# is_pulumis_own PID: a plugin, a language host, or a program that one runs.
is_pulumis_own() {
    tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | head -n 20 |
        grep -Eq '(^|/)pulumi-(resource|language|analyzer)-[^/]*$|/@pulumi/pulumi/cmd/'
}

# still_there LINES: those of them whose process has not ended. A number may be another process's by now.
still_there() {
    echo "$1" | while read -r pid began; do
        [ "$(began "$pid")" != "$began" ] || case $(state "$pid") in Z* | X*) ;; *) echo "$pid $began" ;; esac
    done
}

# signal_each SIGNAL LINES
signal_each() {
    still_there "$2" | while read -r pid began; do kill "-$1" "$pid" 2>/dev/null || :; done
}
