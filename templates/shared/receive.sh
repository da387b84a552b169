# shellcheck shell=sh
# Sourced, or read by `sh -s` in front of a payload.
#
# A payload is a line "MODE PATH BASE64" for each file and a closing line "end SHA256" over the lines before it:
# it is taken whole or not at all, however the connection that brings it ends.

# receive FOLDER: unpacks the payload on standard input.
receive() {
    umask 077
    mkdir -p "$1"
    cat >"$1/.stream"
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
