# shellcheck shell=bash
# Servers that have been in use before: Docker is there as Debian has it, and the images are. Nothing of this project's is. The
# first one is made on a server of a lab that asks for it; its root folder, a layer, and its Docker's folder are kept in the cache.

equipped_folder() {
    printf '%s/equipped-%s\n' "$(cache_folder)" "$(equipped_key)"
}

equipped_key() {
    {
        images_key
        cat "$(lab_home)/equipped.sh" "$(lab_home)/equip.sh"
    } | sha256sum | cut -c 1-12
}

# Sees to it that the next server of lab $1 can be one.
equipped_ensure() {
    [ -d "$(equipped_folder)" ] || with_lock_on "$(cache_folder)" equipped_make "$1"
}

equipped_make() {
    local folder registry references
    [ ! -d "$(equipped_folder)" ] || return 0
    say "equipping a server with Docker and the images (once, a minute)"
    [ ! -d "$(host_folder "$1" equipping)" ] || server_remove "$1" equipping
    server_create "$1" equipping
    folder=$(host_folder "$1" equipping)
    registry=$(registry_address "$1")
    references=$(cut -d ' ' -f 2 "$(lab_home)/images/list")
    install -D -m 644 "$(lab_folder "$1")/ca/ca.pem" "$folder/seed/etc/docker/certs.d/$registry/ca.crt"
    host_start "$folder" "$(cat "$(lab_folder "$1")/number")"
    host_wait "$folder" 30 systemctl is-active ssh || die "the server that is to be equipped does not start: see lab exec $1 equipping journalctl -b"
    # shellcheck disable=SC2086 # one word per image
    host_exec "$folder" sh -eus "$registry" $references <"$(lab_home)/equip.sh" >"$(cache_folder)/equipped.log" 2>&1 ||
        die "could not equip a server: see $(cache_folder)/equipped.log"
    host_stop "$folder" "$(cat "$(lab_folder "$1")/number")"
    equipped_keep "$folder"
    server_remove "$1" equipping
}

# Keeps what the stopped host in folder $1 has become.
equipped_keep() {
    local kept
    kept=$(equipped_folder)
    rm -rf "$kept.partial"
    mkdir "$kept.partial"
    mv "$1/upper" "$kept.partial/root"
    mv "$1/docker" "$kept.partial/docker"
    mkdir "$1/upper" "$1/docker"
    mv "$kept.partial" "$kept"
}
