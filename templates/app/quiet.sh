# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: whether the server has room for a release beside the one that serves. New web and workers take processors when
# they start and memory until the former ones have ended: where there is none left, participants wait for both and lose what they send.

# From when on a server counts as full: hundredths of a second that a page takes for which the database is asked, while something waits
# for a processor for so many hundredths of the time; and MiB that are free beside what starts.
slow_page=500
busy_processors=5000
spare_memory=64

# await_room SECONDS: until the server has room, for so many seconds, and then refuses; where there is no web that serves, or the
# release's runs already, nothing starts beside anything. With 0 it goes on at once, and tells.
await_room() {
    [ -n "$(serving_web)" ] && [ -z "$(of_release web yes)" ] || return 0
    waited_until=$(($(now) + $1 * 100))
    said=
    until missing=$(missing_room) && [ -z "$missing" ]; do
        if [ "$1" -eq 0 ]; then
            say "the server is full: $missing. Participants may notice that a release starts now"
            return 0
        fi
        [ "$(now)" -lt "$waited_until" ] || refuse "the server is full: $missing. Nothing has been changed, and the release that serves goes on; once the server has less to do, run \`./pulumi up\` again. \`./pulumi config set --path dallinger:experiment.releases.quietWithin 0\` has it go on in spite of that"
        [ -n "$said" ] || time_step "waiting for a quieter moment"
        said=yes
        say "the server is full: $missing. The release waits for a quieter moment, $(((waited_until - $(now)) / 100)) s at most"
        sleep 5
    done
}

# missing_room: what there is too little of, in words; nothing where there is enough. What cannot be read is not told.
missing_room() {
    taken=$(memory_taken)
    free=$(memory_free)
    if is_number "$taken" && is_number "$free" && [ "$free" -lt $((taken + spare_memory)) ]; then
        echo "$free MiB of memory are free, and what starts takes about $taken"
        return
    fi
    waiting=$(waiting_for_processors)
    is_number "$waiting" && [ "$waiting" -ge "$busy_processors" ] || return 0
    page=$(time_of_page) || return 0
    is_number "$page" && [ "$page" -ge "$slow_page" ] || return 0
    printf 'a page takes %d.%02d s, and for %d %% of the time something waits for a processor\n' $((page / 100)) $((page % 100)) $((waiting / 100))
}

# time_of_page: what answers.py says in the web that serves. That may be stuck, or be made to say much: neither keeps a release that mends it.
time_of_page() {
    timeout 60 docker exec -i "$(serving_web)" python3 - <"$bin/answers.py" 2>/dev/null | head -c 12
}

# memory_taken: MiB of what the app's web and workers have for themselves, which those that start beside them will have as well.
memory_taken() {
    ids=$(containers web worker) && [ -n "$ids" ] || return 0
    # shellcheck disable=SC2086 # one word per container
    docker inspect --format '{{.State.Pid}}' $ids 2>/dev/null | while read -r process; do
        group=$(sed -n 's/^0:://p' "/proc/$process/cgroup" 2>/dev/null)
        sed -n 's/^anon //p' "/sys/fs/cgroup$group/memory.stat" 2>/dev/null
    done | awk '{ bytes += $1 } END { if (NR) printf "%d\n", bytes / 1048576 }'
}

memory_free() {
    sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo | awk '{ printf "%d\n", $1 / 1024 }'
}

# waiting_for_processors: for how many hundredths of a percent of the last ten seconds something waited for one; nothing where the kernel
# does not count that (psi=0).
waiting_for_processors() {
    sed -n 's/^some avg10=\([0-9]*\)\.\([0-9][0-9]\) .*/\1\2/p' /proc/pressure/cpu 2>/dev/null | sed 's/^0*\(.\)/\1/'
}
