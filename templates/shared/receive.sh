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
        echo "the connection was cut before everything had arrived, and nothing was changed: run \`pulumi up\` again" >&2
        exit 1
    fi
    sed -n '$s/^end //p' "$1/.stream" >"$1/.sha256"
    sed '$d' "$1/.stream" | while read -r mode path content; do
        mkdir -p "$1/$(dirname "$path")"
        printf %s "$content" | base64 -d >"$1/$path"
        chmod "$mode" "$1/$path"
    done
    rm "$1/.stream"
}

# take_payload FOLDER: unpacks the payload on standard input into a folder of this run's own, $incoming, which goes with the run: a run
# whose connection was lost works on, and its files must not become those of the next one. Needs server.sh.
take_payload() {
    name_run
    # shellcheck disable=SC2154 # server.sh
    incoming=$1/payloads/$run
    trap 'rm -rf "$incoming"' EXIT
    trap 'exit 143' HUP INT TERM
    receive "$incoming"
}

# sweep_payloads FOLDER: what runs that were killed have left, secrets perhaps among it. Those of runs that wait for their turn stay; the
# first version's scripts have one folder for all, and one of them that waits must not apply what came before this run.
sweep_payloads() {
    rm -rf "$1/incoming" "$1"/incoming-*
    for left in "$1"/payloads/*; do
        [ ! -e "$left" ] || runs "${left##*/}" || rm -rf "$left"
    done
}
