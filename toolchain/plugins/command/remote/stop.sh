#!/bin/sh
# Ends the commands that run over the same ssh connection as this script, with all that they have started: signal TERM
# first, KILL for what is left after GRACE seconds. sshd's own signals would not do: it refuses them for root, and they
# do not reach what sudo started. Fails, having done nothing, where there is no /proc or the connection is gone.
set -u
grace=${1:-5}
connection=$PPID
newline='
'
[ -r "/proc/$$/stat" ] || exit 1
# Where the connection has ended before this line, the parent is init, whose children are all that the server has.
[ "$connection" -gt 1 ] && read -r parent <"/proc/$connection/comm" || exit 1
case $parent in sshd* | dropbear*) ;; *) exit 1 ;; esac

# A word for each process: its id, its parent's and its session's, with colons between.
processes() {
    IFS=$newline
    # shellcheck disable=SC2013 # IFS makes the words lines; reading them one by one takes seconds on a busy server
    for line in $(grep -H '' /proc/[0-9]*/stat 2>/dev/null); do
        id=${line#/proc/}
        IFS=' '
        # After the name, which may hold anything: state, parent, process group, session.
        # shellcheck disable=SC2086 # the fields are to be split
        set -- ${line##*) }
        [ $# -gt 4 ] && [ "$1" != Z ] && echo "${id%%/*}:$2:$4"
    done
}

# The processes in $1 with those that they have started and all in their sessions. Without $1: the other commands of
# this connection with theirs.
family() {
    known=" ${1:-} "
    before=
    table=$(processes)
    while [ "$known" != "$before" ]; do
        before=$known
        for entry in $table; do
            id=${entry%%:*} session=${entry##*:} parent=${entry#*:}
            parent=${parent%:*}
            case $known in *" $id "*) continue ;; esac
            [ "$id" != "$$" ] || continue
            case $known in *" $parent "* | *" $session "*) known="$known$id " ;; esac
            [ "$parent" != "$connection" ] || known="$known$id "
        done
    done
    echo "$known"
}

alive() {
    for id in $1; do
        [ ! -e "/proc/$id" ] || return 0
    done
    return 1
}

# Sends signal $1 to the processes in $2; to those of another user, which a command can only have made through sudo,
# through sudo.
send() {
    others=
    for id in $2; do
        kill -s "$1" "$id" 2>/dev/null || { [ ! -e "/proc/$id" ] || others="$others $id"; }
    done
    # shellcheck disable=SC2086 # one argument for each process
    [ -z "$others" ] || sudo -n kill -s "$1" $others </dev/null >/dev/null 2>&1
}

targets=$(family)
send TERM "$targets"
while alive "$targets"; do
    if [ "$grace" -eq 0 ]; then
        send KILL "$(family "$targets")"
        exit 0
    fi
    sleep 1
    grace=$((grace - 1))
done
