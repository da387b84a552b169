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
            "$(project_folder)"/templates/image/{Dockerfile,install.sh,watching/*} "$(project_folder)"/examples/recall/*.txt
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
    equipped_note_use
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
    # No server has a browser.
    references="$(sed -n '/^browser /!s/^[^ ]* //p' "$(lab_home)/images/list") $(equipped_example)"
    install -D -m 644 "$(lab_folder "$1")/ca/ca.pem" "$folder/seed/etc/docker/certs.d/$registry/ca.crt"
    host_start "$folder" "$(cat "$(lab_folder "$1")/number")"
    host_wait "$folder" 30 systemctl is-active ssh || die "the server that is to be equipped does not start: see lab exec $1 equipping journalctl -b"
    # shellcheck disable=SC2086 # one word per image
    host_exec "$folder" sh -eus "$registry" $references <"$(lab_home)/equip.sh" >>"$(cache_folder)/equipped.log" 2>&1 ||
        die "could not equip a server: see $(cache_folder)/equipped.log"
    host_stop "$folder" "$(cat "$(lab_folder "$1")/number")"
    equipped_keep "$1" "$folder"
    server_remove "$1" equipping
    equipped_forget
}

# The folder of notes of which checkout works with which key.
equipped_users() {
    printf '%s/equipped-users\n' "$(cache_folder)"
}

# Notes the key that this checkout works with.
equipped_note_use() {
    local note
    mkdir -p "$(equipped_users)"
    note=$(equipped_users)/$(project_folder | sha256sum | cut -c 1-12)
    printf '%s %s\n' "$(equipped_key)" "$(project_folder)" >"$note.incoming"
    mv "$note.incoming" "$note"
}

# Removes the folders of former keys: those that no checkout works with now, and no lab's servers are made from. One that nobody has
# noted is another version's, perhaps at work: it stays for a week.
equipped_forget() {
    local folder key known
    known=$(equipped_keys_in_use)
    for folder in "$(cache_folder)"/equipped-*/; do
        folder=${folder%/}
        key=${folder##*/equipped-}
        [[ $key =~ ^[0-9a-f]{12}$ ]] || continue
        if grep -qx "$key" <<<"$known" || equipped_serves "$folder"; then continue; fi
        [ -e "$folder/noted" ] || [ -n "$(find "$folder" -maxdepth 0 -mtime +7)" ] || continue
        say "removing a former equipped server, $folder"
        rm -rf --one-file-system "$folder"
    done
}

# Prints the keys that checkouts work with which are still there; forgets the others.
equipped_keys_in_use() {
    local note key project
    equipped_key
    for note in "$(equipped_users)"/*; do
        case $note in *.incoming) continue ;; esac
        [ -s "$note" ] || continue
        read -r key project <"$note"
        if [ -d "$project/lab" ]; then printf '%s\n' "$key"; else rm -f "$note"; fi
    done
}

# Whether a server of a lab of this machine, or of this folder of labs, is made from folder $1.
equipped_serves() {
    local lab
    for lab in "$(machine_folder)"/[0-9]* "$(labs_folder)"/*; do
        ! grep -qsF "$1/" "$lab"/hosts/*/layers || return 0
    done
    return 1
}

# Builds the example in the workshop of lab $1 from an archive like those of deployments, so that their builds find its steps.
# Being asked for success or failure, it must fail by itself where `set -e` would not.
equipped_build() {
    local base reference name
    base=$(sed -n 's/^python //p' "$(lab_home)/images/list")
    reference=$(registry_address "$1")/$(equipped_example)
    "$(project_folder)/toolchain/toolchain" run node "$(lab_home)/exampleContext.ts" "$base" |
        engine_docker "$1" build --progress plain --platform linux/amd64 --build-arg "BASE=$base" --tag "$reference" - || return
    # What follows edits on a laptop comes from the build cache there.
    tar -C "$(project_folder)/templates/image/watching" -c . |
        engine_docker "$1" build --progress plain --build-arg "IMAGE=$reference" --build-arg "PYTHON=$base" --tag watched - || return
    engine_docker "$1" rmi watched </dev/null || return
    # What a laptop runs beside an experiment, so that it has nothing to pull.
    for name in postgres redis browser; do
        equipped_take "$1" "$(sed -n "s/^$name //p" "$(lab_home)/images/list")" || return
    done
    engine_docker "$1" push -q "$reference" </dev/null && engine_docker "$1" rmi "$reference" </dev/null
}

# Gives the engine of lab $1 image $2 by its official name: for those that begin with what it has.
equipped_take() {
    local kept
    kept=$(registry_address "$1")/$2
    engine_docker "$1" pull -q "$kept" </dev/null && engine_docker "$1" tag "$kept" "$2" </dev/null && engine_docker "$1" rmi "$kept" </dev/null
}

# Keeps what the stopped host in folder $2 and the engine of lab $1 have become.
equipped_keep() {
    local kept
    kept=$(equipped_folder)
    rm -rf "$kept.partial"
    mkdir "$kept.partial"
    mv "$2/upper" "$kept.partial/root"
    mv "$2/docker" "$kept.partial/docker"
    : >"$kept.partial/noted"
    mkdir "$2/upper" "$2/docker"
    engine_keep "$1" "$kept.partial/engine"
    mv "$kept.partial" "$kept"
}
