# shellcheck shell=bash
# lab.json: what programs and tests need to know of a lab.

# Prints the description of lab $1 as it is now.
description_print() {
    local folder number name separator=''
    folder=$(lab_folder "$1")
    number=$(cat "$folder/number")
    printf '{\n  "name": "%s",\n  "network": "10.213.%s.0/24",\n  "gateway": "10.213.%s.1",\n' "$1" "$number" "$number"
    printf '  "key": "%s",\n  "servers": [' "$folder/key"
    for name in $(server_names "$1"); do
        printf '%s\n    ' "$separator"
        description_server "$name" "$(host_folder "$1" "$name")"
        separator=,
    done
    printf '\n  ],\n  "registry": { "address": "%s", "ca": "%s" },\n' "$(registry_address "$1")" "$folder/ca/ca.pem"
    printf '  "docker": { "host": "unix://%s" },\n  "images": {' "$(engine_socket "$1")"
    description_images "$(registry_address "$1")"
    printf '\n  }\n}\n'
}

# A server that does not run has no process id.
description_server() {
    printf '{ "name": "%s", "address": "%s", "user": "debian", "hostKey": "%s", "pid": %s }' \
        "$1" "$(cat "$2/address")" "$(cat "$2/hostkey")" "$(host_pid "$2" || echo null)"
}

description_images() {
    local name reference separator=''
    while read -r name reference; do
        [ "$name" = python ] || reference=$1/$reference
        printf '%s\n    "%s": "%s"' "$separator" "$name" "$reference"
        separator=,
    done <"$(lab_home)/images/list"
}

# Writes it to lab.json, at once or not at all.
description_write() {
    local file
    file=$(lab_folder "$1")/lab.json
    description_print "$1" >"$file.partial"
    mv "$file.partial" "$file"
}
