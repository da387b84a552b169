# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced after server.sh: images of services, each named by a reference that compose files have, and by digest. What a tag means is
# decided by the stack: compose makes a container anew when, and only when, its reference has come to mean another image.

# image_id REFERENCE: nothing when it is not here.
image_id() {
    docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || :
}

# pull_service_image IMAGE [REFERENCE [AUTHORITY]]: by the reference the configuration has it.
pull_service_image() {
    trust_registry "$1" "${3:-}"
    say "pulling $1"
    pull_log=$(mktemp "$server/pull.XXXXXX")
    timeout 900 docker pull -q "$1" </dev/null >/dev/null 2>"$pull_log" || {
        tail -n 3 "$pull_log" | cut -c1-500 >&2
        rm -f "$pull_log"
        refuse "the server cannot pull ${2:-$1}: see dallinger:server.images and dallinger:server.registryCa"
    }
    rm -f "$pull_log"
}

# fetch_pinned FILE: has the images of its lines "REFERENCE IMAGE" here; no tag changes.
fetch_pinned() {
    while read -r reference image; do
        [ -z "$(image_id "$image")" ] || continue
        # Of one that no registry has, and of what an engine has forgotten the digest of, the tag is all there is.
        case $image in
        sha256:*) refuse "the image $image, which $reference has meant, is no longer on this server: name another in dallinger:server.images" ;;
        esac
        pull_service_image "$image" "$reference"
        printf '%s\n' "$image" >>"$server/images"
    done <"$1"
}

# tag_pinned FILE [REFERENCE…]: has each of these references, or all, mean the image of its line.
tag_pinned() {
    list=$1
    shift
    wanted=" $* "
    while read -r reference image; do
        case $reference in *@*) continue ;; esac
        case $wanted in "  " | *" $reference "*) ;; *) [ -z "$(image_id "$reference")" ] || continue ;; esac
        [ "$(image_id "$reference")" = "$(image_id "$image")" ] || docker tag "$image" "$reference"
    done <"$list"
}
