# shellcheck shell=bash
# What a person or a program wants to know of labs.

# Prints the state of lab $1.
lab_status() {
    local name folder pid
    check_lab "$1"
    printf 'lab %s, network 10.213.%s.0/24\n' "$1" "$(cat "$(lab_folder "$1")/number")"
    for name in workshop $(server_names "$1"); do
        folder=$(host_folder "$1" "$name")
        pid=$(host_pid "$folder") && pid="running, process $pid" || pid='not running: lab up starts it'
        printf '  %-20s %-14s %s\n' "$name" "$(cat "$folder/address")" "$pid"
    done
    printf '  registry %s, engine unix://%s\n' "$(registry_address "$1")" "$(engine_socket "$1")"
}

lab_names() {
    local file
    for file in "$(labs_folder)"/*/lab.json; do
        [ ! -e "$file" ] || basename "$(dirname "$file")"
    done
}

lab_status_all() {
    local name
    [ -n "$(lab_names)" ] || say "no lab is up"
    for name in $(lab_names); do
        lab_status "$name"
    done
}

# All labs as a JSON array of their descriptions.
lab_status_all_json() {
    local name separator=''
    printf '['
    for name in $(lab_names); do
        printf '%s' "$separator"
        description_print "$name"
        separator=,
    done
    printf ']\n'
}

# Prints sh exports for the operator's side of lab $1.
lab_environment() {
    local folder
    check_lab "$1"
    folder=$(lab_folder "$1")
    printf 'export DOCKER_HOST=unix://%s\n' "$(engine_socket "$1")"
    printf 'export SSL_CERT_DIR=%s/ca/trusted:/etc/ssl/certs\n' "$folder"
    printf 'export SSH_AUTH_SOCK=%s\n' "$(agent_socket "$1")"
    printf 'export DALLINGER_LAB=%s/lab.json\n' "$folder"
}
