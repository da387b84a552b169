# shellcheck shell=sh
# Sourced by ./pulumi. Pulumi's lock on a stack in a file backend is a file that nobody removes when its process is killed.

# clear_stale_locks BACKEND: removes the locks of processes of this machine that are no more. Others stay: whether a process on
# another machine works, only `pulumi cancel` and a person know.
clear_stale_locks() {
    case $1 in file:///*) ;; *) return 0 ;; esac
    locks=${1#file://}/.pulumi/locks
    [ -d "$locks" ] || return 0
    here=$(hostname)
    find "$locks" -type f -name '*.json' | while read -r lock; do
        [ "$(lock_value "$lock" hostname)" = "$here" ] || continue
        holder=$(lock_value "$lock" pid)
        ! is_pulumi "${holder:-0}" || continue
        echo "pulumi: an operation on this stack was killed (process $holder); its lock is removed, and this one goes on where it stopped" >&2
        rm -f "$lock"
    done
}

# is_pulumi PROCESS: the number may be another program's by now.
is_pulumi() {
    if [ -d /proc/self ]; then grep -qs pulumi "/proc/$1/comm"; else ps -o comm= -p "$1" 2>/dev/null | grep -q pulumi; fi
}

# lock_value FILE KEY: from Pulumi's JSON of one line.
lock_value() {
    sed -n "s/.*\"$2\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" "$1"
}
