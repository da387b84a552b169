# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: programs in containers that somebody attends to by an ssh connection.
#
# Docker leaves a program that it has begun in a container to itself when nobody attends to it any more: one that follows a log or
# holds a transaction would be there for ever. It gets the signal that a terminal gives when it goes, SIGHUP, which it may ignore.

# attended EXECUTE…: runs `docker exec` with these words, in the foreground, and ends with its status. $attended_as among them marks
# the program.
attended() {
    name_run
    connection=$(connection_of $$)
    attended_as="DALLINGER_ATTENDED=$run"
    watch_connection </dev/null >/dev/null 2>&1 &
    watching=$!
    attended_status=0
    docker exec -e "$attended_as" "$@" || attended_status=$?
    kill "$watching" 2>/dev/null || : # the connection is gone, and so is who watched it
    # Where nobody reads any more it is docker's client that ends, and not the program.
    [ -z "$(abandoned)" ] || hang_up
    return "$attended_status"
}

# connection_of PROCESS: the name (runs) of the sshd that it belongs to; nothing where it came by none.
connection_of() {
    ancestor=$1
    while [ "${ancestor:-0}" -gt 1 ]; do
        case $(cat "/proc/$ancestor/comm" 2>/dev/null) in
        sshd | sshd-session)
            echo "$ancestor.$(began "$ancestor")"
            return
            ;;
        esac
        ancestor=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$ancestor/status" 2>/dev/null)
    done
}

connected() {
    [ -z "$connection" ] || runs "$connection"
}

watch_connection() {
    trap '' HUP
    while connected; do sleep 2; done
    hang_up
}

# left_behind: the processes in containers that are marked. Who marks their own with the mark of another ends with that one.
left_behind() {
    grep -lzxF "$attended_as" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | while read -r process; do
        # What runs here, docker among it, has no namespace of its own.
        [ "$(readlink "/proc/$process/ns/pid" 2>/dev/null)" = "$(readlink /proc/self/ns/pid)" ] || echo "$process"
    done
}

# abandoned: the program itself among them, whose parent is here. What that has left to itself in the container has its parent there.
abandoned() {
    left_behind | while read -r process; do
        parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null)
        [ "$(readlink "/proc/${parent:-none}/ns/pid" 2>/dev/null)" != "$(readlink /proc/self/ns/pid)" ] || echo "$process"
    done
}

hang_up() {
    left_behind | while read -r process; do kill -HUP "$process" 2>/dev/null || :; done
}
