# shellcheck shell=sh
# Sourced by ./pulumi, with staleLocks.sh and leftBehind.sh: what it notes of each run, by which the next one knows what is its own.
# A killed run can tidy nothing up. What is not in such a note is somebody else's, and what cannot be seen may be at work: both stay.
#
# A note is a file of lines "KEY VALUE", named after the run: pid, began (of the process), place (boot and process namespace),
# machine, user, backend, temporary (its folder for temporary files), and `unlocked` once its locks are gone.

# begin_run FOLDER BACKEND: notes this process, which becomes pulumi's by exec, and exports the run's name, which all that it starts
# has in its environment, and a folder for temporary files of its own. Without a note it works as well, and tidies nothing up later.
begin_run() {
    know_here
    [ -n "$place" ] || return 0
    (umask 077 && mkdir -p "$1") && note=$(mktemp "$1/XXXXXXXXXXXX") || return 0
    # Short, because sockets in it have paths of at most 104 characters.
    temporary=${TMPDIR:-/tmp}/dlgr-run-${note##*/}
    (umask 077 && mkdir "$temporary") 2>/dev/null || temporary=
    case $2 in file:*) backend=$2 ;; *) backend= ;; esac # only there a lock is a file; other addresses may hold a password
    printf '%s\n' "pid $$" "began $(began "$$")" "place $place" "machine $machine" "user $(id -u)" "backend $backend" \
        "temporary $temporary" >"$note" || return 0
    export DALLINGER_PULUMI_RUN="${note##*/}"
    [ -z "$temporary" ] || export TMPDIR="$temporary"
}

# settle_runs FOLDER: does away with what runs have left that are over.
settle_runs() {
    [ -d "$1" ] || return 0
    know_here
    # Of machines that never come back. Nothing else is done to what they have left.
    find "$1" -type f -mtime +60 -exec rm -f {} + 2>/dev/null || : # another run may be settling the same
    for note in "$1"/*; do
        if [ -s "$note" ] && ! waits_for_backend "$note" && is_over "$note"; then settle_run "$note"; fi
    done
}

# settle_run NOTE: what cannot be done yet, because something of the run lives on or its backend is not there, is left to a later one.
settle_run() {
    over=yes
    if [ "$(noted "$1" place)" = "$place" ]; then
        end_left_behind "$1"
        [ -z "$(processes_of "${1##*/}")" ] || over=
    fi
    [ -z "$over" ] || remove_temporary "$1"
    if ! grep -qsx unlocked "$1"; then
        if ! repair_backend "$1"; then
            [ -z "$over" ] || { printf '%s\n' "$backend" >"$waiting"; } 2>/dev/null || : # without it the next run looks again
            return
        fi
        [ ! -e "$1" ] || echo unlocked >>"$1"
    fi
    [ -z "$over" ] || rm -f "$1" "$waiting"
}

# waits_for_backend NOTE: whether nothing but its backend is left to do, whose folder is still not there. There may be many of them, and
# each run looks at all: it takes no program to tell. What says so is a file beside the note ($waiting), which itself
# stays as it is: locks are told from others by its time.
waits_for_backend() {
    waiting=${1%/*}/.waiting-${1##*/}
    [ -e "$waiting" ] && read -r backend <"$waiting" && [ ! -d "$backend" ]
}

# remove_temporary NOTE: the run's folder for temporary files.
remove_temporary() {
    temporary=$(noted "$1" temporary)
    case $temporary in */dlgr-run-"${1##*/}") rm -rf "$temporary" 2>/dev/null || : ;; esac
}

# noted NOTE KEY: nothing where another run has settled it in this moment.
noted() {
    sed -n "s/^$2 //p" "$1" 2>/dev/null || :
}

# is_over NOTE: whether its process is known to be no more. Only for processes of this user it can be known: a signal reaches them,
# also where /proc shows nothing.
is_over() {
    pid=$(noted "$1" pid)
    [ -n "$pid" ] && [ "$(noted "$1" user)" = "$(id -u)" ] && [ -n "$place" ] || return 1
    if [ "$(noted "$1" place)" != "$place" ]; then
        was_before_restart "$1"
        return
    fi
    kill -0 "$pid" 2>/dev/null || return 0
    case $(state "$pid") in Z* | X*) return 0 ;; esac
    now=$(began "$pid") then=$(noted "$1" began)
    [ -n "$now" ] && [ -n "$then" ] && [ "$now" != "$then" ]
}

# was_before_restart NOTE: whether this machine has been started anew since. In a container nobody knows which machine it is.
was_before_restart() {
    [ -n "${machine%% *}" ] && [ "$(noted "$1" machine)" = "$machine" ] || return 1
    former=$(noted "$1" place)
    [ "${former%% *}" != "${place%% *}" ] && whole_machine "${former#* }" && whole_machine "${place#* }"
}

# The kernel's first process namespace always has this number (include/linux/proc_ns.h).
whole_machine() {
    [ "$1" = 'pid:[4026531836]' ] || [ "$1" = whole ]
}

# know_here: sets $place (boot and process namespace) and $machine (its id, which is empty where nobody knows it, and its name).
know_here() {
    if [ -r /proc/sys/kernel/random/boot_id ]; then
        place="$(cat /proc/sys/kernel/random/boot_id) $(readlink /proc/self/ns/pid)" || place=
        machine="$(cat /etc/machine-id 2>/dev/null || :) $(uname -n)"
    else # macOS
        boot=$(sysctl -n kern.bootsessionuuid 2>/dev/null) || boot=
        place=${boot:+$boot whole}
        machine="$(ioreg -rd1 -c IOPlatformExpertDevice 2>/dev/null | sed -n 's/.*IOPlatformUUID" = "\(.*\)".*/\1/p') $(uname -n)"
    fi
}

# began PID: the moment in which a process began; nothing when it cannot be seen. exec does not change it.
began() {
    if [ -r /proc/self/stat ]; then
        after_name "$1" | cut -d ' ' -f 20
    else
        LC_ALL=C ps -o lstart= -p "$1" 2>/dev/null || :
    fi
}

# state PID: Z for one that has ended and is not waited for.
state() {
    if [ -r /proc/self/stat ]; then after_name "$1" | cut -d ' ' -f 1; else ps -o stat= -p "$1" 2>/dev/null || :; fi
}

# after_name PID: its line in /proc (proc(5)) from the third field on: the second, in parentheses, may hold spaces.
after_name() {
    sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null || :
}
