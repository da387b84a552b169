# shellcheck shell=sh
# Sourced by ./pulumi, after runs.sh. What a killed process leaves of Pulumi's in a file backend: its lock on the stack, which is a file
# that nobody removes, and perhaps a file that it has not written to the end.

# repair_backend NOTE: after a run that is over. Fails where the backend's folder is not there.
repair_backend() {
    backend=$(noted "$1" backend)
    case $backend in file:///*) ;; *) return 0 ;; esac
    backend=${backend#file://}
    backend=${backend%%\?*}
    [ -d "$backend" ] || return 1
    remove_cut_attributes "$1"
    [ ! -d "$backend/.pulumi/locks" ] || remove_locks "$1"
}

# remove_cut_attributes NOTE: beside each file of a file backend one with its attributes lies (NAME.attrs), which is written in place.
# Cut off, it makes the stack unreadable ("failed to load checkpoint: EOF"); one that is missing does not matter, as all that is in it
# can be told from the file itself.
remove_cut_attributes() {
    [ -d "$backend/.pulumi" ] || return 0
    find "$backend/.pulumi" -type f -name '*.attrs' -newer "$1" | while read -r attributes; do
        case $(tail -c 2 "$attributes") in *'}'*) continue ;; esac
        echo "pulumi: an operation was killed while it wrote ${attributes##*/}, which is removed; the state itself is whole" >&2
        rm -f "$attributes"
    done
}

# remove_locks NOTE: those of the run. Others stay: whether their process works, only `pulumi cancel` and a person know.
remove_locks() {
    holder=$(noted "$1" pid)
    host=$(noted "$1" machine)
    find "$backend/.pulumi/locks" -type f -name '*.json' -newer "$1" | while read -r lock; do
        [ "$(lock_value "$lock" pid)" = "$holder" ] || continue
        [ "$(lock_value "$lock" hostname)" = "${host#* }" ] || continue
        ! may_be_pulumi "$holder" || continue
        echo "pulumi: an operation on this stack was killed (process $holder); its lock is removed, and this one goes on where it stopped" >&2
        rm -f "$lock"
    done
}

# may_be_pulumi PID: whether the number may be another pulumi's by now, whose lock it would be.
may_be_pulumi() {
    reached=$(LC_ALL=C && export LC_ALL && kill -0 "$1" 2>&1) ||
        case $reached in *[Nn]'o such process'*) return 1 ;; esac
    case $(name_of "$1") in '' | *pulumi*) ;; *) return 1 ;; esac
}

# name_of PID: of its program; nothing when it cannot be seen.
name_of() {
    if [ -r /proc/self/comm ]; then cat "/proc/$1/comm" 2>/dev/null || :; else ps -o comm= -p "$1" 2>/dev/null || :; fi
}

# lock_value FILE KEY: from Pulumi's JSON of one line.
lock_value() {
    sed -n "s/.*\"$2\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" "$1"
}
