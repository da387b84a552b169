# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Prints which images the references mean that the shared services and the apps' Redis and pgbouncer are made from:
#   images apply              those in the payload on standard input, a line "REFERENCE IMAGE" each. What a reference meant here
#                                first, it means until somebody asks anew.
#   images anew REFERENCE…    what their registries say today, a line "REFERENCE IMAGE same|other" each: other than what runs
# IMAGE is a reference by digest, or an id where no registry has it. Images may come; no container and no tag changes.
# shellcheck source=templates/shared/pinned.sh
. "$bin/pinned.sh"
# shellcheck source=templates/shared/packages.sh
. "$bin/packages.sh"
# shellcheck source=templates/server/engine.sh
. "$bin/engine.sh"

verb_images() {
    case ${1:-} in
    apply) print_meanings ;;
    anew)
        shift
        ask_anew "$@"
        ;;
    *) refuse "images apply, or anew REFERENCE…" ;;
    esac
}

print_meanings() {
    take_payload "$server"
    authority=$payload/registry-ca.pem
    (
        lock_server
        install_engine "$(cat "$payload/engine")" "$server/packages"
    )
    lock_images
    touch "$server/resolved"
    while read -r reference; do
        meaning=$(meant_here "$reference")
        [ -n "$meaning" ] || {
            docker image inspect "$reference" >/dev/null 2>&1 || pull_tag "$reference" "$authority"
            meaning=$(pinned_name "$reference")
            printf '%s %s\n' "$reference" "$meaning" >>"$server/resolved"
        }
        printf '%s %s\n' "$reference" "$meaning"
    done <"$payload/images"
}

# meant_here REFERENCE: what it meant when it was asked for first; nothing when it never was.
meant_here() {
    while read -r reference_then meaning_then; do
        [ "$reference_then" != "$1" ] || printf '%s\n' "$meaning_then"
    done <"$server/resolved" | tail -n 1
}

ask_anew() {
    require_layout
    lock_images
    trap put_tag_back EXIT
    trap 'exit 1' HUP INT TERM
    for reference; do
        before=$(image_applied "$reference")
        pull_tag "$reference"
        meaning=$(pinned_name "$reference")
        after=$(image_id "$reference")
        put_tag_back
        if [ -z "$before" ] || [ "$before" = "$after" ]; then
            printf '%s %s same\n' "$reference" "$meaning"
        else
            keep_pinned "$meaning"
            printf '%s %s other\n' "$reference" "$meaning"
        fi
    done
}

# image_applied REFERENCE: what it was last brought to mean. The tag may be what a run has left that was killed.
image_applied() {
    applied=$(sed -n "s|^$1 ||p" "$server/pinned" 2>/dev/null) || applied= # no list: never applied
    applied=${applied:+$(image_id "$applied")}
    printf '%s\n' "${applied:-$(image_id "$1")}"
}

# The tag is what containers are made from: it stays until the services are brought to the new image.
put_tag_back() {
    if [ -n "${before:-}" ] && [ "$(image_id "$reference")" != "$before" ]; then docker tag "$before" "$reference"; fi
}

lock_images() {
    exec 8>"$server/images.lock"
    flock -w 1800 8 || refuse "somebody else has pulled images on this server for 30 minutes: see \`ps axf\` there, then run the command again"
}

# pull_tag REFERENCE [AUTHORITY]: where it is the server's first such image, it goes with the server.
pull_tag() {
    known=$(image_id "$1")
    pull_service_image "$1" "$1" "${2:-}"
    [ -n "$known" ] || printf '%s\n' "$1" >>"$server/images"
}

# pinned_name REFERENCE: the image that it means at the moment, by digest; its id where no registry has it.
pinned_name() {
    repository=${1%%@*}
    case ${repository##*/} in *:*) repository=${repository%:*} ;; esac
    repository=${repository#docker.io/}
    repository=${repository#library/}
    named=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$1" | while read -r name; do
        case $name in "$repository@"*) printf '%s\n' "$name" ;; esac
    done | head -n 1)
    printf '%s\n' "${named:-$(image_id "$1")}"
}

# keep_pinned IMAGE: an engine may forget an image that no name of its own is left for.
keep_pinned() {
    case $1 in
    *@*) pull_service_image "$1" && printf '%s\n' "$1" >>"$server/images" ;;
    esac
}
