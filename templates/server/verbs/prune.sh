# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Removes what deployments have left behind that nobody needs: prune. A line each tells what would go:
#
#   image ID BYTES NAME    of ours, that no container and no release that is kept has
#   folder BYTES PATH      of a run that was killed
#   busy NAME              an app on which somebody is at work, of which nothing goes; `images` where one is being brought
#
# and a line `end`. When a line `yes` comes on standard input it goes, each with a line `gone ID` or `gone PATH`, or `kept` and the same,
# then `freed BYTES` and `end`. Ours is what our files or our label say; no image with another name goes, and none that is in use: it
# is docker that says so, which is never forced. Backups stay, and so does the build cache, which is not only ours.

verb_prune() {
    require_layout
    known=$(known_images) || exit 1
    plan=$(tell_images && tell_folders) || refuse "what could go cannot be told: Docker does not answer on this server (\`systemctl status docker\` there says why)"
    printf '%s\n' "$plan" | grep . || : # there may be nothing
    echo end
    read -r said || said= # nobody is there any more
    if [ "$said" = yes ]; then
        before=$(free_bytes_here)
        printf '%s\n' "$plan" | while read -r kind first second; do
            case $kind in
            image) drop image "$first" "${second#* }" ;;
            folder) drop folder "$second" ;;
            esac
        done
        after=$(free_bytes_here)
        echo "freed $((after > before ? after - before : 0))"
    fi
    echo end
}

# drop KIND WHAT …: what has come to be needed meanwhile stays.
drop() {
    if "drop_$1" "$2" "${3:-}"; then echo "gone $2"; else echo "kept $2"; fi
}

# free_bytes_here: where images and our folders are, which may be two disks.
free_bytes_here() {
    place=$(docker_folder) || place=$root
    total=$(free_bytes "$place")
    if [ "$(stat -c %d "$place")" != "$(stat -c %d "$root")" ]; then total=$((total + $(free_bytes "$root"))); fi
    echo "$total"
}

# known_images: the ids of all that are needed, a line each: by containers, whoever's, by releases that are kept, by apps that are about
# to begin with one, and what the services' references mean.
known_images() {
    containers=$(docker_says ps -aq) || return 1
    {
        # shellcheck disable=SC2086 # a container a word
        [ -z "$containers" ] || docker inspect --format '{{.Image}}' $containers 2>/dev/null || : # one may have gone meanwhile
        {
            cat "$root"/apps/*/releases/*/image "$root"/apps/*/image-wanted 2>/dev/null || : # no app, or none that has had one
            sed -n 's/^ *"*image"*: "*\([^" ]*\)"*$/\1/p' "$server/compose.yaml" "$server/former/compose.yaml" "$root"/apps/*/releases/*/compose.yaml 2>/dev/null || :
            # What a run of the verb `services` puts back that fails, or is killed, is in `former`.
            cat "$server/pinned" "$server/former/pinned" 2>/dev/null | tr ' ' '\n'
        } | sort -u | while read -r image; do
            [ -z "$image" ] || docker image inspect --format '{{.Id}}' "$image" </dev/null 2>/dev/null || :
        done
    } | sort -u
}

# Of our label, and not for the machine of who works on an experiment; and what was brought here for the services.
tell_images() {
    labelled=$(docker image ls -q --no-trunc --filter label=dallinger.content-hash 2>/dev/null) || return 1
    if bringing; then
        [ -z "$labelled" ] || echo "busy images"
    else
        for id in $(printf '%s\n' "$labelled" | sort -u); do tell_image "$id"; done
    fi
    # A tag may mean somebody else's by now.
    [ ! -e "$server/images" ] || sort -u "$server/images" | while read -r image; do
        case $image in *@sha256:*) tell_image "$image" ;; esac
    done
}

# tell_image IMAGE: unless it is needed, or is not there.
tell_image() {
    found=$(docker image inspect --format '{{.Id}} {{.Size}} watching:{{if .Config.Labels}}{{index .Config.Labels "dallinger.watching"}}{{end}} {{with .RepoTags}}{{index . 0}}{{end}}' "$1" </dev/null 2>/dev/null) || return 0
    IFS=' ' read -r image_id image_size watching image_name <<FOUND
$found
FOUND
    [ "$watching" = watching: ] || return 0
    case $image_name in *-base) return 0 ;; esac
    ! printf '%s\n' "$known" | grep -qxF "$image_id" || return 0
    case $1 in sha256:*) image_name=${image_name:-none} ;; *) image_name=$1 ;; esac
    echo "image $1 $image_size $image_name"
}

# bringing: whether an image is being built or sent for an app at the moment, which no file names before it is there.
bringing() {
    for mark in "$root"/apps/*/delivering; do
        ! runs "$(readlink "$mark" || echo none)" || return 0
    done
    return 1
}

drop_image() {
    with_server_lock remove_unneeded "$1"
}

remove_unneeded() {
    id=$(docker image inspect --format '{{.Id}}' "$1" </dev/null 2>/dev/null) || return 1
    ! bringing || return 1
    known=$(known_images) || return 1
    ! printf '%s\n' "$known" | grep -qxF "$id" || return 1
    docker image rm "$1" </dev/null >/dev/null 2>&1
}

tell_folders() {
    for place in "$root"/apps/*/; do
        [ -e "$place" ] || continue
        place=${place%/}
        if idle "$place"; then
            for left in "$place"/incoming "$place"/incoming-* "$place"/releases/.incoming "$place"/bin/.incoming "$place"/payloads/*; do tell_folder "$left"; done
        else
            echo "busy $(basename "$place")"
        fi
    done
    for left in "$server"/payloads/* "$root"/apps/.removed-* "$root"/apps/.claim-* "$backups"/*/.incomplete "$backups"/*/.fetching "$backups"/*/.uploading; do tell_folder "$left"; done
}

tell_folder() {
    [ -d "$1" ] && abandoned_folder "$1" || return 0
    echo "folder $(du -sB 1 "$1" 2>/dev/null | cut -f 1) $1"
}

# idle FOLDER: whether nobody works on what lies there, or waits for it.
idle() {
    ! runs "$(readlink "$1/latest-run" || echo none)" && unlocked "$1"
}

unlocked() {
    flock -n "$1" true
}

# abandoned_folder FOLDER: whether the run that has made it has ended, where that is not said by nobody's being at work on the app.
abandoned_folder() {
    case $1 in
    */payloads/*) ! runs "${1##*/}" ;;
    "$backups"/*/.incomplete)
        backed_up=$(basename "$(dirname "$1")")
        unlocked "$backups" && { [ ! -e "$root/apps/$backed_up" ] || idle "$root/apps/$backed_up"; }
        ;;
    "$backups"/*/.fetching) [ ! -e "$root/apps/$(basename "${1%/*}")" ] || idle "$root/apps/$(basename "${1%/*}")" ;;
    "$backups"/*/.uploading) unlocked "$(dirname "$1")" ;;
    "$root"/apps/.claim-*) unlocked "$server" ;;
    "$root"/apps/.removed-*) unlocked "$1" ;;
    esac
}

# drop_folder FOLDER: as long as it goes, nobody begins to work there.
drop_folder() {
    case $1 in
    */payloads/*) owner=${1%/payloads/*} ;;
    "$backups"/*/.incomplete) owner=$backups ;;
    "$backups"/*/.fetching)
        owner=$root/apps/$(basename "${1%/*}")
        [ -e "$owner" ] || owner=${1%/*}
        ;;
    "$root"/apps/.*) owner=$server ;;
    */.incoming) owner=${1%/*/*} ;;
    *) owner=${1%/*} ;;
    esac
    (
        exec 5<"$owner"
        flock -n 5 || exit 1
        case $1 in
        */payloads/*) ! runs "${1##*/}" || exit 1 ;;
        "$root"/apps/.removed-*) unlocked "$1" || exit 1 ;;
        esac
        rm -rf "${1:?}"
    )
}
