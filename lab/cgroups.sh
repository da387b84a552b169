# shellcheck shell=bash
# Every host of a lab has control groups of its own: systemd in one must not see the units of another, and `down` finds
# in them every process of a lab, recorded or not. Version 1 and 2 of cgroups are both known.

cgroup_check() {
    [ -n "$(cgroup_hierarchies)" ] || die "no control groups are mounted on /sys/fs/cgroup: mount them, or boot with systemd"
}

# Prints a line "mountpoint options" for every hierarchy that the machine has, and so its hosts: options are controllers, or
# name=systemd, or "unified" for that of version 2, which stands alone or beside those of version 1. Every command in a host asks
# for it: it starts hardly any process.
cgroup_hierarchies() {
    local _device mountpoint type options
    while read -r _device mountpoint type options _; do
        case "$type:$mountpoint" in
        cgroup2:/sys/fs/cgroup*) printf '%s unified\n' "$mountpoint" ;;
        cgroup:/sys/fs/cgroup/*) cgroup_hierarchy "$mountpoint" "$options" ;;
        esac
    done </proc/mounts | sort -u
}

# Prints the line for the hierarchy of version 1 on mountpoint $1 with the mount options $2.
cgroup_hierarchy() {
    local option controllers='' IFS=,
    for option in $2; do
        case $option in
        rw | ro | nosuid | nodev | noexec | relatime | noprefix | xattr | clone_children | release_agent=*) ;;
        *) controllers=$controllers,$option ;;
        esac
    done
    printf '%s %s\n' "$1" "${controllers#,}"
}

# Whether the machine has nothing but version 2, in hierarchies $1.
cgroup_is_version_2() {
    [ "$1" = '/sys/fs/cgroup unified' ]
}

# Prints the folders, one per hierarchy, of the control group $1 (NUMBER, or NUMBER/HOST) below the labs' own.
cgroup_folders() {
    local mountpoint _options
    cgroup_hierarchies | while read -r mountpoint _options; do
        printf '%s/dallinger-lab/%s\n' "$mountpoint" "$1"
    done
}

cgroup_create() {
    local mountpoint options part
    cgroup_hierarchies | while read -r mountpoint options; do
        for part in "$mountpoint/dallinger-lab" "$mountpoint/dallinger-lab/$1" "$mountpoint/dallinger-lab/$1/$2"; do
            mkdir -p "$part"
            cgroup_equip "$part" "$options"
        done
    done
}

# Lets processes enter the new control group $1 and its own groups use the same controllers as its parent.
cgroup_equip() {
    local folder=$1 parent controller
    parent=$(dirname "$folder")
    case $2 in
    unified)
        # Beside version 1 it has no controllers that hosts need.
        ! cgroup_is_version_2 "$(cgroup_hierarchies)" || cgroup_hand_down "$parent"
        ;;
    *cpuset*)
        cat "$parent/cpuset.cpus" >"$folder/cpuset.cpus"
        cat "$parent/cpuset.mems" >"$folder/cpuset.mems"
        ;;
    esac
}

# Lets the groups in control group $1 use all its controllers; notes what the machine's uppermost group allowed before.
cgroup_hand_down() {
    local controller saved
    saved=$(machine_folder)/controllers
    [ "$1" != /sys/fs/cgroup ] || [ -e "$saved" ] || cp "$1/cgroup.subtree_control" "$saved"
    for controller in $(tr ' ' '\n' <"$1/cgroup.controllers"); do
        echo "+$controller" 2>/dev/null >"$1/cgroup.subtree_control" || true
    done
}

# Undoes what cgroup_hand_down did to the machine's uppermost group.
cgroup_restore() {
    local controller saved
    saved=$(machine_folder)/controllers
    [ -e "$saved" ] || return 0
    for controller in $(tr ' ' '\n' </sys/fs/cgroup/cgroup.subtree_control); do
        grep -qw "$controller" "$saved" || echo "-$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control || true
    done
}

# Moves process $1 into the control groups $2 (NUMBER/HOST), as far as they are there.
cgroup_enter() {
    local folder
    cgroup_folders "$2" | while read -r folder; do
        [ -d "$folder" ] || continue
        # In version 2, a group whose groups use controllers takes no process, and systemd has moved to this one.
        [ ! -d "$folder/init.scope" ] || [ ! -e "$folder/cgroup.controllers" ] || folder=$folder/init.scope
        echo "$1" >"$folder/cgroup.procs"
    done
}

# Makes the control group $1 in the first hierarchy; fails when it is there already, whoever has made it.
cgroup_claim() {
    local folder
    folder=$(cgroup_folders "$1" | sed -n 1p)
    mkdir -p "$(dirname "$folder")"
    mkdir "$folder" 2>/dev/null
}

# Removes the control group $1 that an interrupted cgroup_claim may have made. One with groups in it is another lab's, and stays.
cgroup_abandon() {
    local folder
    folder=$(cgroup_folders "$1" | sed -n 1p)
    rmdir "$folder" 2>/dev/null || true
}

# Prints the process ids in the control group $1 and those below it.
cgroup_processes() {
    local folder
    cgroup_folders "$1" | while read -r folder; do
        [ ! -d "$folder" ] || find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null
    done | grep -vx 0 | sort -un || true
}

# Kills whatever is in the control group $1 and removes it; dies when something withstands for ten seconds. That of a lab is not
# given up with its last host's: another machine's lab could take the number before the next host is there.
cgroup_remove() {
    local folder processes tries=0
    while processes=$(cgroup_processes "$1") && [ -n "$processes" ]; do
        [ "$((tries += 1))" -le 100 ] || die "processes of the lab cannot be killed: $(echo "$processes" | tr '\n' ' ')"
        # shellcheck disable=SC2086  # one word per process
        kill -KILL $processes 2>/dev/null || true
        sleep 0.1
    done
    cgroup_folders "$1" | while read -r folder; do
        [ ! -d "$folder" ] || cgroup_remove_folder "$folder"
        [[ $1 = */* ]] || rmdir "$(dirname "$folder")" 2>/dev/null || true
    done
}

cgroup_remove_folder() {
    local tries=0
    # A killed process leaves its group a moment after it is gone from the list.
    until find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; do
        [ "$((tries += 1))" -le 100 ] || die "cannot remove $1"
        sleep 0.1
    done
}
