#!/bin/sh
# The releases that are kept, the latest first: releases.sh list. One with everything that it is made from: releases.sh show RELEASE
# Only reads. What `show` prints holds secrets: it goes through the ssh connection and nowhere else.
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"

# A line each: `serves` or `kept`, and the record.
list() {
    serving=$(basename "$(readlink "$folder/current" || echo none)")
    # shellcheck disable=SC2012 # the names are hexadecimal digits
    ls -1t "$releases" 2>/dev/null | while read -r id; do
        if [ "$id" = "$serving" ]; then printf 'serves '; else printf 'kept '; fi
        tr -d '\n' <"$releases/$id/record.json"
        echo
    done
}

# The record in a line of its own, then the environment.
show() {
    case $1 in *[!0-9a-f]* | '') refuse "$1 is no release: \`./ops/dallinger releases\` lists them" ;; esac
    [ -e "$releases/$1" ] || refuse "the release $1 is not kept: \`./ops/dallinger releases\` lists those that are"
    tr -d '\n' <"$releases/$1/record.json"
    echo
    cat "$releases/$1/environment.yaml"
}

case $1 in
list) list ;;
show) show "$2" ;;
*) refuse "releases.sh list, or show RELEASE" ;;
esac
