# shellcheck shell=sh disable=SC2154 # variables of app.sh
# The releases that are kept, the latest first: releases list. One with everything that it is made from: releases show RELEASE
# Only reads. What `show` prints holds secrets: it goes through the ssh connection and nowhere else.

verb_releases() {
    case ${1:-} in
    list) list_releases ;;
    show) show_release "${2:-}" ;;
    *) refuse "releases list, or show RELEASE" ;;
    esac
}

# A line each: `serves` or `kept`, and the record.
list_releases() {
    serving=$(basename "$(readlink "$folder/current" || echo none)")
    # shellcheck disable=SC2012 # the names are hexadecimal digits
    ls -1t "$releases" 2>/dev/null | while read -r id; do
        if [ "$id" = "$serving" ]; then printf 'serves '; else printf 'kept '; fi
        tr -d '\n' <"$releases/$id/record.json"
        echo
    done
}

# The record in a line of its own, then the environment.
show_release() {
    case $1 in *[!0-9a-f]* | '') refuse "$1 is no release: \`./ops/dallinger releases\` lists them" ;; esac
    [ -e "$releases/$1" ] || refuse "the release $1 is not kept: \`./ops/dallinger releases\` lists those that are"
    tr -d '\n' <"$releases/$1/record.json"
    echo
    cat "$releases/$1/environment.yaml"
}
