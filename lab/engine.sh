# shellcheck shell=bash
# The operator's Docker engine: in the workshop, a host of the lab, even where the machine runs an engine of its own, so that
# the lab needs no trust in that engine's settings and leaves no image in it.

engine_socket() {
    printf '%s/engine/docker.sock\n' "$(lab_folder "$1")"
}

# Creates the workshop of lab $1, unless it is there.
engine_create() {
    local lab=$1 folder registry begun
    folder=$(host_folder "$lab" workshop)
    [ ! -e "$folder/complete" ] || return 0
    rm -rf "$folder"
    registry=$(registry_address "$lab")
    host_create "$folder" "${registry%:*}" "$(layer_stack workshop)"
    begun=$(engine_begun)
    [ -z "$begun" ] || host_docker "$folder" "$begun"
    mkdir -p "$(lab_folder "$lab")/engine"
    printf '%s /srv/lab none bind\n' "$(lab_folder "$lab")/engine" >>"$folder/mounts"
    install -D -m 644 "$(lab_folder "$lab")/ca/ca.pem" "$folder/seed/etc/docker/certs.d/$registry/ca.crt"
    printf '{ "mtu": %s }\n' "$(network_mtu)" >"$folder/seed/etc/docker/daemon.json"
    registry_equip "$(lab_folder "$lab")" "$folder"
    names_equip "$lab" "$folder"
    : >"$folder/complete"
}

# Prints the folder of an engine that a new one begins with: the one that has most of what will be asked for. None at first.
engine_begun() {
    local folder
    for folder in "$(equipped_engine_folder)" "$(images_engine_folder)"; do
        [ ! -d "$folder" ] || { printf '%s\n' "$folder" && return; }
    done
}

# Keeps what the engine of lab $1 has become in folder $2; meanwhile it stands still. Its id stays with it: a build's cache is that
# of an engine with this id.
engine_keep() {
    local folder
    folder=$(host_folder "$1" workshop)
    host_exec "$folder" systemctl stop docker.socket docker.service </dev/null
    rm -rf "$2.partial"
    cp -a "$folder/docker" "$2.partial"
    mv "$2.partial" "$2"
    host_exec "$folder" systemctl start docker.socket docker.service </dev/null
    engine_wait "$1"
}

# Waits until engine, registry and name server of lab $1 answer.
engine_wait() {
    local folder
    folder=$(host_folder "$1" workshop)
    host_wait "$folder" 60 docker version || die "the lab's engine does not start: see lab exec $1 workshop journalctl -u docker"
    host_wait "$folder" 30 bash -c '</dev/tcp/127.0.0.1/5000' ||
        die "the lab's registry does not start: see lab exec $1 workshop journalctl -u docker-registry"
    host_wait "$folder" 10 bash -c '</dev/tcp/127.0.0.1/53' ||
        die "the lab's name server does not start: see lab exec $1 workshop journalctl -u names"
}

# Runs docker in the workshop of lab $1.
engine_docker() {
    local lab=$1
    shift
    host_exec "$(host_folder "$lab" workshop)" docker "$@"
}
