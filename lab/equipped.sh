# shellcheck shell=bash
# Servers that have been in use before: Docker is there as Debian has it, and the images are, that of an example among them, so
# that of another version only what differs has to come. Nothing of this project's is. The first one is made on a server of a lab
# that asks for it; its root folder, a layer, its Docker's folder, and that of the engine that built are kept in the cache.

equipped_folder() {
    printf '%s/equipped-%s\n' "$(cache_folder)" "$(equipped_key)"
}

equipped_key() {
    {
        images_key
        cat "$(lab_home)/engine.sh" "$(lab_home)/equipped.sh" "$(lab_home)/equip.sh" "$(lab_home)/exampleContext.ts" \
            "$(project_folder)"/templates/image/* "$(project_folder)"/examples/recall/*.txt
    } | sha256sum | cut -c 1-12
}

# The folder of the engine that has built the image for equipped servers: what experiments depend on is in its build cache.
equipped_engine_folder() {
    printf '%s/engine\n' "$(equipped_folder)"
}

# The example's image on an equipped server.
equipped_example() {
    printf 'example:dependencies\n'
}

# Sees to it that the next server of lab $1 can be one.
equipped_ensure() {
    [ -d "$(equipped_folder)" ] || with_lock_on "$(cache_folder)" equipped_make "$1"
}

equipped_make() {
    local folder registry references
    [ ! -d "$(equipped_folder)" ] || return 0
    say "equipping a server with Docker and the images, and an engine with what the example depends on (once, three minutes)"
    equipped_build "$1" >"$(cache_folder)/equipped.log" 2>&1 || die "could not build the example: see $(cache_folder)/equipped.log"
    [ ! -d "$(host_folder "$1" equipping)" ] || server_remove "$1" equipping
    server_create "$1" equipping
    folder=$(host_folder "$1" equipping)
    registry=$(registry_address "$1")
    references="$(cut -d ' ' -f 2 "$(lab_home)/images/list") $(equipped_example)"
    install -D -m 644 "$(lab_folder "$1")/ca/ca.pem" "$folder/seed/etc/docker/certs.d/$registry/ca.crt"
    host_start "$folder" "$(cat "$(lab_folder "$1")/number")"
    host_wait "$folder" 30 systemctl is-active ssh || die "the server that is to be equipped does not start: see lab exec $1 equipping journalctl -b"
    # shellcheck disable=SC2086 # one word per image
    host_exec "$folder" sh -eus "$registry" $references <"$(lab_home)/equip.sh" >>"$(cache_folder)/equipped.log" 2>&1 ||
        die "could not equip a server: see $(cache_folder)/equipped.log"
    host_stop "$folder" "$(cat "$(lab_folder "$1")/number")"
    equipped_keep "$1" "$folder"
    server_remove "$1" equipping
}

# Builds the example in the workshop of lab $1 from an archive like those of deployments, so that their builds find its steps.
# Being asked for success or failure, it must fail by itself where `set -e` would not.
equipped_build() {
    local base reference
    base=$(sed -n 's/^python //p' "$(lab_home)/images/list")
    reference=$(registry_address "$1")/$(equipped_example)
    "$(project_folder)/toolchain/toolchain" run node "$(lab_home)/exampleContext.ts" "$base" |
        engine_docker "$1" build --progress plain --platform linux/amd64 --build-arg "BASE=$base" --tag "$reference" - || return
    engine_docker "$1" push -q "$reference" </dev/null && engine_docker "$1" rmi "$reference" </dev/null
}

# Keeps what the stopped host in folder $2 and the engine of lab $1 have become.
equipped_keep() {
    local kept
    kept=$(equipped_folder)
    rm -rf "$kept.partial"
    mkdir "$kept.partial"
    mv "$2/upper" "$kept.partial/root"
    mv "$2/docker" "$kept.partial/docker"
    mkdir "$2/upper" "$2/docker"
    engine_keep "$1" "$kept.partial/engine"
    mv "$kept.partial" "$kept"
}
