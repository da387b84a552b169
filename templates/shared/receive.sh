# shellcheck shell=sh
# Sourced, or read by `sh -s` in front of a payload.
#
# A payload is a line "MODE PATH BASE64" for each file and a closing line "end SHA256" over the lines before it:
# it is taken whole or not at all, however the connection that brings it ends.

# receive FOLDER: unpacks the payload on standard input.
receive() {
    umask 077
    mkdir -p "$1"
    # Whoever sends has to see why it fails, and not that nobody reads.
    cat >"$1/.stream" || { cat >/dev/null && exit 1; }
    if [ "$(sed '$d' "$1/.stream" | sha256sum | cut -d' ' -f1)" != "$(sed -n '$s/^end //p' "$1/.stream")" ]; then
        rm -rf "$1"
        echo "the connection was cut before everything had arrived, and nothing was changed: run \`./pulumi up\` again" >&2
        exit 1
    fi
    sed -n '$s/^end //p' "$1/.stream" >"$1/.sha256"
    sed '$d' "$1/.stream" | while read -r permissions path content; do
        unpacked=$1/$path
        [ -d "${unpacked%/*}" ] || mkdir -p "${unpacked%/*}"
        # Without a process more than there has to be: scripts are many.
        base64 -d >"$unpacked" <<CONTENT
$content
CONTENT
        [ "$permissions" = 600 ] || chmod "$permissions" "$unpacked"
    done
    rm "$1/.stream"
}

# take_payload FOLDER: unpacks the payload on standard input into a folder of this run's own, $payload, which goes with the run: a run
# whose connection was lost works on, and its files must not become those of the next one. Needs server.sh.
take_payload() {
    name_run
    # shellcheck disable=SC2154 # server.sh
    payload=$1/payloads/$run
    drop_payload_at_end
    receive "$payload"
}

drop_payload_at_end() {
    trap 'rm -rf "$payload"' EXIT
    trap 'exit 143' HUP INT TERM
}

# applied PAYLOAD MARK: whether the payload that was applied last, as the file MARK notes it, is the same one. No file: none was.
applied() {
    [ "$(cat "$2" 2>/dev/null || true)" = "$(cat "$1/.sha256")" ]
}

# note_applied PAYLOAD MARK
note_applied() {
    mv "$1/.sha256" "$2"
}

# install_scripts FROM FOLDER: each by a rename. What an earlier version has put there stays, unless it has the same name.
install_scripts() {
    install -d -m 700 "$2" "$2/verbs"
    rm -rf "$2/.incoming"
    cp -r "$1" "$2/.incoming"
    chmod -R 700 "$2/.incoming"
    # What leads to a verb comes after the verb, and after the door to it.
    mv "$2/.incoming/verbs"/* "$2/verbs/"
    rmdir "$2/.incoming/verbs"
    for door in app server; do
        [ ! -e "$2/.incoming/$door" ] || mv "$2/.incoming/$door" "$2/$door"
    done
    mv "$2/.incoming"/* "$2/"
    rmdir "$2/.incoming"
}

# sweep_payloads FOLDER: what runs that were killed have left, secrets perhaps among it. Those of runs that wait for their turn stay; the
# first version's scripts have one folder for all, and one of them that waits must not apply what came before this run.
sweep_payloads() {
    rm -rf "$1/incoming" "$1"/incoming-*
    for left in "$1"/payloads/*; do
        [ ! -e "$left" ] || runs "${left##*/}" || rm -rf "$left"
    done
}
