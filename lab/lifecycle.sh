# shellcheck shell=bash
# A lab from up to down. Every step finds what an earlier, interrupted run left, so that each can be repeated.

# Brings lab $1 up with at least $2 servers.
lab_up() {
    local lab=$1 count=$2 started=$SECONDS
    check_name "$lab"
    machine_check
    mkdir -p "$(lab_folder "$lab")"
    with_lock_on "$(lab_folder "$lab")" lab_up_locked "$lab" "$count"
    lab_status "$lab"
    say "$lab is up after $((SECONDS - started)) s"
}

lab_up_locked() {
    local lab=$1 count=$2 folder number name
    folder=$(lab_folder "$lab")
    chmod 700 "$folder"
    network_claim "$lab"
    number=$(cat "$folder/number")
    [ -s "$folder/key" ] || ssh-keygen -q -t ed25519 -N '' -C "lab $lab" -f "$folder/key"
    agent_start "$lab"
    registry_certify "$lab"
    layers_ensure
    network_up "$number"
    for name in $(seq -f 'server%.0f' 1 "$count"); do
        server_create "$lab" "$name"
    done
    for name in $(server_names "$lab"); do
        host_start "$(host_folder "$lab" "$name")" "$number"
    done
    images_ensure "$lab"
    for name in $(server_names "$lab"); do
        server_wait "$lab" "$name"
    done
    description_write "$lab"
}

# Takes lab $1 down, whatever there is of it.
lab_down() {
    local lab=$1 folder number
    check_name "$lab"
    [ "$(id -u)" -eq 0 ] || die "a lab was made by root: run this with sudo"
    folder=$(lab_folder "$lab")
    if [ -d "$folder" ]; then
        with_lock_on "$folder" lab_down_locked "$lab"
    fi
    network_down "$lab"
    rmdir "$(labs_folder)" 2>/dev/null || true
    say "$lab is down"
}

lab_down_locked() {
    local folder number
    folder=$(lab_folder "$1")
    agent_stop "$1"
    # Only a reserved number is this lab's: the machine may have been restarted, and another lab have it now.
    for number in $(network_numbers "$folder"); do
        if network_owns "$folder" "$number"; then cgroup_remove "$number"; else cgroup_abandon "$number"; fi
    done
    network_down "$1"
    remove_folder "$folder"
}

# Removes folder $1, unless something is still mounted in it: that would be removed as well.
remove_folder() {
    ! grep -qF " $1/" /proc/mounts || die "something is mounted below $1: umount it, then try again"
    rm -rf --one-file-system "$1"
}

# Adds server $2 to lab $1: a bare one, or with `equipped` as $3 one that was in use before.
lab_server_add() {
    check_lab "$1"
    check_name "$2"
    case $2 in workshop | laptop) die "'$2' is the lab's own host: choose another name" ;; esac
    with_lock_on "$(lab_folder "$1")" lab_server_add_locked "$1" "$2" "${3:-bare}"
}

lab_server_add_locked() {
    machine_check
    [ "$3" = bare ] || equipped_ensure "$1"
    server_create "$1" "$2" "$3"
    host_start "$(host_folder "$1" "$2")" "$(cat "$(lab_folder "$1")/number")"
    server_wait "$1" "$2"
    description_write "$1"
}

# Makes now what the first equipped server would have to wait for.
lab_equip() {
    check_lab "$1"
    machine_check
    with_lock_on "$(lab_folder "$1")" equipped_ensure "$1"
}

# Removes server $2 of lab $1 with all that is on it; nothing to do when it is not there.
lab_server_remove() {
    check_lab "$1"
    check_name "$2"
    case $2 in workshop | laptop) die "'$2' is the lab's own host: take the lab down instead" ;; esac
    [ -d "$(host_folder "$1" "$2")" ] || return 0
    with_lock_on "$(lab_folder "$1")" lab_server_remove_locked "$1" "$2"
}

lab_server_remove_locked() {
    server_remove "$1" "$2"
    description_write "$1"
}

check_lab() {
    check_name "$1"
    [ -s "$(lab_folder "$1")/lab.json" ] || die "there is no lab '$1': lab up $1"
}
