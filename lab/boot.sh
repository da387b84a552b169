#!/usr/bin/env bash
# Becomes the init of a host: started by host.sh, in the background, with a host's folder, its lab's number and its name.
# First run: enters the host's control groups and new namespaces; second run, in those: makes the root folder and becomes systemd.
set -euo pipefail
shopt -s inherit_errexit

here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=messages.sh
. "$here/messages.sh"
# shellcheck source-path=SCRIPTDIR source=places.sh
. "$here/places.sh"
# shellcheck source-path=SCRIPTDIR source=cgroups.sh
. "$here/cgroups.sh"
# shellcheck source-path=SCRIPTDIR source=devices.sh
. "$here/devices.sh"

enter() {
    cgroup_enter $$ "$2/$3"
    exec unshare --mount --net --uts --ipc --cgroup --pid --fork --kill-child bash "$0" init "$@"
}

# The machine's /proc is still the one here, so this is the process id that the machine knows, and its start time: a process
# id alone may be another process's tomorrow.
record() {
    local stat
    read -r stat </proc/self/stat
    stat=${stat##*) }
    # shellcheck disable=SC2086  # fields
    set -- "$1" $stat
    read -r pid _ </proc/self/stat
    printf '%s %s\n' "$pid" "${21}" >"$1/init.partial"
    mv "$1/init.partial" "$1/init"
}

mount_root() {
    local folder=$1 source target type options
    mount --make-rprivate /
    mount -t overlay -o "lowerdir=$(cat "$folder/layers"),upperdir=$folder/upper,workdir=$folder/work" overlay "$folder/root"
    if [ -d "$folder/seed" ]; then
        tar -C "$folder/seed" -c . | tar -C "$folder/root" -x --no-overwrite-dir
        rm -rf "$folder/seed"
    fi
    while read -r source target type options; do
        mkdir -p "$folder/root$target"
        mount -t "$type" -o "$options" "$source" "$folder/root$target"
    done <"$folder/mounts"
}

mount_cgroups() {
    local root=$1 hierarchies=$2 mountpoint options
    if cgroup_is_version_2 "$hierarchies"; then
        mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
        return
    fi
    mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
    while read -r mountpoint options; do
        mkdir "$root$mountpoint"
        case "$options" in
        unified) mount -t cgroup2 cgroup2 "$root$mountpoint" ;;
        name=*) mount -t cgroup -o "none,$options" cgroup "$root$mountpoint" ;;
        *) mount -t cgroup -o "$options" cgroup "$root$mountpoint" ;;
        esac
    done <<<"$hierarchies"
}

configure_network() {
    local tries=0
    until ip link show eth0 >/dev/null 2>&1; do
        [ "$((tries += 1))" -le 200 ] || die "got no network interface"
        sleep 0.05
    done
    ip link set lo up
    ip addr add "$1/24" dev eth0
    ip link set eth0 up
    ip route add default via "${1%.*}.1"
}

systemd_parameters() {
    # systemd 257 starts on version 1 of cgroups only when told twice.
    cgroup_is_version_2 "$1" ||
        printf 'SYSTEMD_PROC_CMDLINE=systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'
}

init() {
    local folder=$1 name=$3 hierarchies parameters
    record "$folder"
    mount_root "$folder"
    configure_network "$(cat "$folder/address")"
    hostname "$name"
    # Now: what is mounted from here on would count as the machine's.
    hierarchies=$(cgroup_hierarchies)
    parameters=$(systemd_parameters "$hierarchies")
    cd "$folder/root"
    mount -t sysfs sysfs sys
    mount_cgroups . "$hierarchies"
    # As initramfs-tools mounts it on every other machine of Debian or Ubuntu.
    mount -t tmpfs -o nosuid,nodev,noexec,mode=755 tmpfs run
    mkdir run/lock
    mount_devices .
    mount_processes .
    pivot_root . mnt
    umount -l /mnt
    exec env -i PATH="$PATH" container=lxc ${parameters:+"$parameters"} /sbin/init
}

"$@"
