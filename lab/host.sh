# shellcheck shell=bash
# A host of a lab: a server or the workshop. Its folder holds what it is made from (address, layers, mounts, seed: see
# host_create), what it wrote (upper, docker) and, while it runs, its init's process id and start time.

# host_create FOLDER ADDRESS LAYERS: layers are folders, uppermost first, separated by colons.
# The seed is laid over the root folder at the first start; mounts are lines "source target type options".
host_create() {
    local folder=$1 address=$2 layers=$3 name
    name=$(basename "$folder")
    mkdir -p "$folder/upper" "$folder/work" "$folder/root" "$folder/docker" "$folder/seed/etc/ssh"
    printf '%s\n' "$address" >"$folder/address"
    printf '%s\n' "$layers" >"$folder/layers"
    # Docker's overlay2 cannot lie on the overlay that the root folder is.
    printf '%s /var/lib/docker none bind\n' "$folder/docker" >"$folder/mounts"
    machine_resolver >"$folder/seed/etc/resolv.conf"
    printf '%s\n' "$name" >"$folder/seed/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$name" >"$folder/seed/etc/hosts"
    tr -d - </proc/sys/kernel/random/uuid >"$folder/seed/etc/machine-id"
}

# Has Docker of the host in folder $1 begin with what is in folder $2. Docker changes no file of a layer that it has unpacked, so
# hosts share them with that folder where both lie on one disk.
host_docker() {
    local part
    for part in "$2"/*; do
        if [ "$(basename "$part")" = overlay2 ] && cp -al "$part" "$1/docker/" 2>/dev/null; then continue; fi
        rm -rf "$1/docker/$(basename "$part")"
        cp -a "$part" "$1/docker/"
    done
}

# Prints the process id of the init of the host in folder $1; fails when it does not run.
host_pid() {
    local pid started stat
    [ -s "$1/init" ] || return 1
    read -r pid started <"$1/init"
    stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
    # The 22nd field is the start time; a name with spaces may stand before it, in parentheses.
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" != Z ] && [ "${20}" = "$started" ] && printf '%s\n' "$pid"
}

# Starts the host in folder $1 of the lab with network number $2, unless it runs. Returns when its init has a network: one that
# an interrupted run has left without is waiting in vain, and is started anew.
host_start() {
    local address
    address=$(cat "$1/address")
    { host_pid "$1" >/dev/null && network_plugged "$2" "$address"; } || host_boot "$1" "$2"
    network_route "$2" "$address"
}

host_boot() {
    local folder=$1 number=$2 name pid tries=0
    name=$(basename "$folder")
    host_stop "$folder" "$number"
    cgroup_create "$number" "$name"
    start_detached "$folder/console.log" bash "$(lab_home)/boot.sh" enter "$folder" "$number" "$name"
    until pid=$(host_pid "$folder"); do
        [ "$((tries += 1))" -le 200 ] || die "$name does not start: $(tail -n 1 "$folder/console.log")"
        sleep 0.05
    done
    network_plug "$number" "$(cat "$folder/address")" "$pid" || die "$name does not start: $(tail -n 1 "$folder/console.log")"
}

# Stops the host in folder $1 of the lab with network number $2 at once, with all that runs in it. Can be repeated.
host_stop() {
    local pid tries=0
    if pid=$(host_pid "$1"); then
        # unshare, which waits for init, ignores SIGTERM; init's end takes the whole process namespace along.
        kill -KILL "$pid"
        while host_pid "$1" >/dev/null && [ "$((tries += 1))" -le 100 ]; do sleep 0.05; done
    fi
    rm -f "$1/init"
    [ -z "$2" ] || cgroup_remove "$2/$(basename "$1")"
    [ -z "$2" ] || network_unplug "$2" "$(cat "$1/address" 2>/dev/null)"
}

# Runs a command as root in the host in folder $1: standard streams, arguments and exit status pass unchanged.
host_exec() {
    local pid number
    if ! pid=$(host_pid "$1"); then
        say "$(basename "$1") does not run: lab up starts it"
        return 1
    fi
    number=$(cat "$1/../../number")
    (
        cgroup_enter "$BASHPID" "$number/$(basename "$1")"
        host_enter "$pid" "${@:2}"
    )
}

host_enter() {
    local pid=$1
    shift
    exec nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup --root -- \
        env --chdir=/root -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}

# Waits up to $2 seconds until the command "${@:3}" succeeds in the host in folder $1.
host_wait() {
    local folder=$1 deadline=$((SECONDS + $2))
    shift 2
    until host_exec "$folder" "$@" </dev/null >/dev/null 2>&1; do
        host_pid "$folder" >/dev/null || die "$(basename "$folder") has stopped: $(tail -n 1 "$folder/console.log")"
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}
