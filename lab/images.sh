# shellcheck shell=bash
# The images that servers and builds need, under their official names, in the lab's registry: the originals where a registry
# on the internet answers, else stand-ins made from Debian's packages and Caddy's Go module. Made once, kept in the cache.

# The finished registry storage.
images_folder() {
    printf '%s/images-%s\n' "$(cache_folder)" "$(images_key)"
}

images_key() {
    {
        layer_key
        cd "$(lab_home)/.." && find lab/images toolchain/modules/caddy -type f -exec sha256sum {} + | LC_ALL=C sort
    } | sha256sum | cut -c 1-12
}

# Starts the workshop of lab $1 and sees to it that its registry and its engine have the images.
images_ensure() {
    local lab=$1 folder number
    folder=$(host_folder "$lab" workshop)
    number=$(cat "$(lab_folder "$lab")/number")
    if [ ! -e "$folder/registry/stocked" ] && [ ! -d "$(images_folder)" ]; then
        with_lock_on "$(cache_folder)" images_make "$lab" "$number"
    fi
    if [ ! -e "$folder/registry/stocked" ] && [ -e "$folder/complete" ]; then
        # Left by an interrupted run, before there were any images.
        host_stop "$folder" "$number"
        remove_folder "$folder"
    fi
    engine_create "$lab"
    host_start "$folder" "$number"
    engine_wait "$lab"
    images_offer_python "$lab"
}

# Makes the images in lab $1, in its own workshop, and keeps the registry's storage.
images_make() {
    local lab=$1 folder caddy
    [ ! -d "$(images_folder)" ] || return 0
    folder=$(host_folder "$lab" workshop)
    engine_create "$lab"
    host_start "$folder" "$2"
    engine_wait "$lab"
    if images_reachable "$lab"; then
        say "pulling the images of servers and builds (once)"
        images_each images_pull "$lab"
    else
        say "making the images of servers and builds (once, some minutes)"
        # Compiling takes the processors while the others wait for Debian's packages.
        images_caddy >/dev/null &
        caddy=$!
        images_base "$lab" || die "could not make the base image: see $(images_log)"
        images_each images_build "$lab"
        wait "$caddy"
    fi
    images_keep "$lab" "$folder"
}

images_log() {
    printf '%s/images.log\n' "$(cache_folder)"
}

# Whether a registry on the internet answers the lab's engine.
images_reachable() {
    host_exec "$(host_folder "$1" workshop)" timeout 3 docker manifest inspect redis:8 </dev/null >/dev/null 2>&1
}

# Runs $1 LAB NAME REFERENCE for every image, and pushes what it made.
images_each() {
    local name reference registry
    registry=$(registry_address "$2")
    while read -r name reference; do
        say "  $reference"
        retried "$1" "$2" "$name" "$reference" >>"$(images_log)" 2>&1 </dev/null || die "could not make $reference: see $(images_log)"
        engine_docker "$2" tag "$reference" "$registry/$reference" </dev/null
        engine_docker "$2" push -q "$registry/$reference" </dev/null >/dev/null
    done <"$(lab_home)/images/list"
}

images_pull() {
    engine_docker "$1" pull -q "$3"
}

# The base of all that is built: the root folder that servers have, without what makes it a server, and without documentation
# and translations, as slim images are.
images_base() {
    tar -C "$(layer_folder base)" --exclude-from="$(lab_home)/images/base-without" -c . |
        engine_docker "$1" import --change 'CMD ["bash"]' - debian:trixie-slim >"$(images_log)" 2>&1
}

images_build() {
    local context program
    context=$(cache_folder)/context
    rm -rf "$context"
    cp -R "$(lab_home)/images/$2" "$context" || return
    if [ "$2" = caddy ]; then
        program=$(images_caddy) && cp "$program" "$context/caddy" || return
    fi
    tar -C "$context" -c . | engine_docker "$1" build --progress plain --tag "$3" - || return
    rm -rf "$context"
}

# Prints where the caddy is that the toolchain made.
images_caddy() {
    "$(lab_home)/../toolchain/toolchain" ensure caddy >&2 && "$(lab_home)/../toolchain/toolchain" path caddy
}

# Keeps what is in the registry of lab $1, whose workshop is in folder $2, for the labs to come; empties the engine.
images_keep() {
    local kept
    kept=$(images_folder)
    rm -rf "$kept.partial"
    cp -a "$2/registry/upper" "$kept.partial"
    mv "$kept.partial" "$kept"
    engine_docker "$1" system prune --all --force --volumes </dev/null >/dev/null
    : >"$2/registry/stocked"
}

# The folder of an engine that has nothing but what images_offer_python puts there.
images_engine_folder() {
    printf '%s.engine\n' "$(images_folder)"
}

# Builds name the Python base as its makers do, so the engine of lab $1 must have it by that name. The engines of the labs to come
# begin with it: pulling it takes longer than all else that an up does.
images_offer_python() {
    local reference kept
    reference=$(sed -n 's/^python //p' "$(lab_home)/images/list")
    ! engine_docker "$1" image inspect "$reference" </dev/null >/dev/null 2>&1 || return 0
    kept=$(registry_address "$1")/$reference
    engine_docker "$1" pull -q "$kept" </dev/null >/dev/null
    engine_docker "$1" tag "$kept" "$reference" </dev/null
    engine_docker "$1" rmi "$kept" </dev/null >/dev/null
    with_lock_on "$(cache_folder)" images_keep_engine "$1"
}

images_keep_engine() {
    [ -d "$(images_engine_folder)" ] || engine_keep "$1" "$(images_engine_folder)"
}
