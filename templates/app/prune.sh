# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: releases that nobody goes back to any more, and their images.

# prune_releases NUMBER: keeps so many, the latest that were applied, and always the one that serves.
prune_releases() {
    serving=$(basename "$(readlink "$folder/current")")
    others=0
    # shellcheck disable=SC2012 # the names are hexadecimal digits
    ls -1t "$releases" | while read -r id; do
        [ "$id" != "$serving" ] || continue
        others=$((others + 1))
        [ "$others" -ge "$1" ] || continue
        image=$(cat "$releases/$id/image")
        keep_secrets "$releases/$id/secrets"
        rm -rf "${releases:?}/$id"
        remove_image "$image"
    done
}

# keep_secrets LIST: they are in logs that stay.
keep_secrets() {
    (umask 077 && cat "$1" "$former_secrets" 2>/dev/null | sort -u >"$former_secrets.new") # there may be none yet
    mv "$former_secrets.new" "$former_secrets"
}

# remove_image IMAGE: unless a release of this app or another one has it, or is about to.
remove_image() {
    with_server_lock remove_unwanted "$1"
}

remove_unwanted() {
    for other in "$root"/apps/*/releases/*/image "$root"/apps/*/image-wanted; do
        [ ! -e "$other" ] || ! grep -qxF "$1" "$other" || return 0
    done
    docker image rm "$1" >/dev/null 2>&1 || ! docker image inspect "$1" >/dev/null 2>&1 || say "the image $1 is in use and stays"
}
