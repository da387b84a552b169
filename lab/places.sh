# shellcheck shell=bash
# Where the lab keeps its things.

# The folder of these files.
lab_home() {
    dirname "$(readlink -f "${BASH_SOURCE[0]}")"
}

# The checkout that these files belong to.
project_folder() {
    dirname "$(lab_home)"
}

# Finished layers and images, shared by all labs; safe to remove while no lab is up.
cache_folder() {
    printf '%s/lab\n' "${DALLINGER_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/dallinger-pulumi}"
}

labs_folder() {
    printf '%s\n' "${DALLINGER_LAB_DIR:-/var/lib/dallinger-lab}"
}

# All state of lab $1.
lab_folder() {
    printf '%s/%s\n' "$(labs_folder)" "$1"
}

# State of host $2 (a server, or the workshop) of lab $1.
host_folder() {
    printf '%s/hosts/%s\n' "$(lab_folder "$1")" "$2"
}

# What all labs of this machine share: who has which network number, settings to restore when the last lab goes.
machine_folder() {
    printf '/run/dallinger-lab\n'
}

# Dies unless $1 can name a lab or a server: it becomes a folder, a cgroup and a host name.
check_name() {
    [[ $1 =~ ^[a-z][a-z0-9-]{0,30}$ ]] ||
        die "'$1' is no name: use a lower-case letter, then up to 30 lower-case letters, digits and dashes"
}

# Dies when a folder's path holds what mount options or unix sockets cannot take.
check_places() {
    local folder
    for folder in "$(cache_folder)" "$(labs_folder)"; do
        [[ $folder =~ ^/[A-Za-z0-9/._-]+$ ]] ||
            die "'$folder' is unusable: give DALLINGER_CACHE_DIR and DALLINGER_LAB_DIR absolute paths of letters, digits and . _ -"
    done
    [ "${#folder}" -le 50 ] || die "'$folder' is too long for a unix socket below it: set DALLINGER_LAB_DIR to a shorter path"
}

# Runs "$@" while no other process does so with the same folder $1.
with_lock_on() {
    local folder=$1
    shift
    (
        exec 9<"$folder"
        flock 9
        # The lock is this shell's: a process left behind must not keep it.
        "$@" 9<&-
    )
}
