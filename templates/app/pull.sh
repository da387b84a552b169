# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, space.sh, prune.sh and registry.sh: gets an image from its registry.

# want_image IMAGE: until the app wants another one, no other app's removal takes it away (remove_image). Fails if it is not there.
want_image() {
    printf '%s\n' "$1" >"$folder/.image-wanted"
    mv "$folder/.image-wanted" "$folder/image-wanted"
    docker image inspect "$1" >/dev/null 2>&1
}

# pull_image IMAGE PAYLOAD: unless it is there. A login that the payload holds (login/config.json) is docker's for as long as it
# pulls, in a folder that only root can read.
pull_image() {
    login=$2/login
    [ -e "$login/config.json" ] || login=
    with_server_lock want_image "$1" || {
        case $1 in
        sha256:*) refuse "the image $1 is no longer on this server, and no registry has it: \`./ops/dallinger mend\`, then \`./pulumi up\`, brings it again; a release that was rolled back to has to be left first (\`./ops/dallinger forward\`)" ;;
        esac
        require_space "$(cat "$2/free-space")" "pulling $1"
        with_server_lock trust_registry "$1"
        step "pulling $1"
        timeout 1800 docker ${login:+--config "$login"} pull -q "$1" </dev/null >/dev/null 2>"$folder/log/pull.log" ||
            refuse_registry "$1" "$folder/log/pull.log" "$login"
    }
    rm -rf "$2/login"
}

# refuse_foreign IMAGE: one that cannot run here, and goes again. Whoever has built it, what the image itself says counts.
refuse_foreign() {
    platform=$(docker image inspect --format '{{.Os}}/{{.Architecture}}' "$1")
    engine=$(docker version --format '{{.Server.Os}}/{{.Server.Arch}}')
    [ "$platform" != "$engine" ] || return 0
    rm -f "$folder/image-wanted"
    remove_image "$1"
    refuse "$1 is an image for $platform, and this server runs $engine: see dallinger:experiment.image and dallinger:server.platform"
}
