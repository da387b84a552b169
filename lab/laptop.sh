# shellcheck shell=bash
# The machine of somebody who works on an experiment: a host with a Docker engine that shares a folder with this machine, at the same
# path, and its loopback with whoever is run there. So what a container mounts and what it publishes are what its user sees.

# The folder that laptop and machine share.
laptop_shared() {
    printf '%s/laptop\n' "$(lab_folder "$1")"
}

laptop_socket() {
    printf '%s/docker.sock\n' "$(laptop_shared "$1")"
}

# Brings the laptop of lab $1 up, unless it is, and prints what its user has to know, as lines for sh.
lab_laptop() {
    check_lab "$1"
    machine_check
    with_lock_on "$(lab_folder "$1")" laptop_up "$1" >&2
    printf 'export DOCKER_HOST=unix://%s\nexport TMPDIR=%s/tmp\n' "$(laptop_socket "$1")" "$(laptop_shared "$1")"
}

laptop_up() {
    local lab=$1 folder
    equipped_ensure "$lab"
    laptop_create "$lab"
    folder=$(host_folder "$lab" laptop)
    host_start "$folder" "$(cat "$(lab_folder "$lab")/number")"
    host_wait "$folder" 60 docker version || die "the laptop's engine does not start: see lab exec $lab laptop journalctl -u docker"
    laptop_stock "$lab" "$folder"
}

laptop_create() {
    local lab=$1 folder registry
    folder=$(host_folder "$lab" laptop)
    [ ! -e "$folder/complete" ] || return 0
    rm -rf "$folder"
    registry=$(registry_address "$lab")
    host_create "$folder" "$(server_address "$lab")" "$(equipped_folder)/root:$(layer_stack server)"
    host_docker "$folder" "$(equipped_engine_folder)"
    mkdir -p "$(laptop_shared "$lab")/tmp"
    printf '%s %s none bind\n' "$(laptop_shared "$lab")" "$(laptop_shared "$lab")" >>"$folder/mounts"
    install -D -m 644 "$(lab_folder "$lab")/ca/ca.pem" "$folder/seed/etc/docker/certs.d/$registry/ca.crt"
    mkdir -p "$folder/seed/etc/systemd/system/docker.service.d"
    cat >"$folder/seed/etc/systemd/system/docker.service.d/lab.conf" <<-UNIT
	[Service]
	ExecStart=
	ExecStart=/usr/sbin/dockerd -H fd:// -H unix://$(laptop_socket "$lab") --containerd=/run/containerd/containerd.sock
	UNIT
    : >"$folder/complete"
}

# The images of an experiment's own services, by the names that everybody has for them.
laptop_stock() {
    local registry name reference
    registry=$(registry_address "$1")
    while read -r name reference; do
        case $name in postgres | redis | browser) ;; *) continue ;; esac
        ! host_exec "$2" docker image inspect "$reference" </dev/null >/dev/null 2>&1 || continue
        host_exec "$2" docker pull -q "$registry/$reference" </dev/null >/dev/null
        host_exec "$2" docker tag "$registry/$reference" "$reference" </dev/null
        host_exec "$2" docker rmi "$registry/$reference" </dev/null >/dev/null
    done <"$(lab_home)/images/list"
}

# Runs "${@:2}" as somebody who sits at the laptop of lab $1: with this machine's programs and folders, and the laptop's network.
laptop_run() {
    local pid
    pid=$(host_pid "$(host_folder "$1" laptop)") || die "the laptop of lab $1 does not run: lab laptop $1"
    DOCKER_HOST=unix://$(laptop_socket "$1") TMPDIR=$(laptop_shared "$1")/tmp exec nsenter --target "$pid" --net -- "${@:2}"
}
