# shellcheck shell=sh disable=SC2154 # for_local, of the script that sources this
# What `run` has found, kept for the next one: to look for every part takes longer than most of what is run. It counts for these sources
# in this environment while the machine has the same programs in its path, as they were, and every part is where it was.
#
# A file of lines "KEY VALUE": home and docker (TOOLS_HOME and OWN_DOCKER), `first-NAME` for what is first in the path, `there` for each
# file that has to be there, `machine` for each of those that is the machine's, and `as` for what ls says of these.

# find_remembered: sets REMEMBERED, the file's name.
find_remembered() {
    # shellcheck disable=SC2046 # the names of our own files have no spaces
    sources=$(cd "$TOOLS" && cat ../package.json $(find . -type f ! -name '*_test.go' | LC_ALL=C sort) | digest)
    asked=$(printf '%s\n' "$sources" "$PLATFORM" "$USER_DATA" "$PATH" "${DOCKER_CONFIG:-}" "$for_local" | digest)
    REMEMBERED=$CACHE/toolchain/remembered/$(printf %.24s "$asked")
}

# remembered: whether it still counts; then TOOLS_HOME and OWN_DOCKER are set.
remembered() {
    [ -s "$REMEMBERED" ] || return 1
    set --
    as=
    while read -r key value; do
        case $key in
        home) TOOLS_HOME=$value ;;
        docker) OWN_DOCKER=$value ;;
        there) [ -x "$value" ] || return 1 ;;
        machine) set -- "$@" "$value" ;;
        as) as=$value ;;
        first-*) [ "$(command -v "${key#first-}" || :)" = "$value" ] || return 1 ;;
        esac
    done <"$REMEMBERED"
    [ $# -eq 0 ] || [ "$(seen "$@")" = "$as" ]
}

# seen FILE…: what tells whether they are still the same files, in one line.
seen() {
    # shellcheck disable=SC2046 # a word a word
    set -- $(ls -lLi "$@" 2>/dev/null)
    echo "$*"
}

# remember: what has been found now. Without it the next run looks for all again.
remember() {
    mkdir -p "${REMEMBERED%/*}" 2>/dev/null || return 0
    # Of environments that nobody has any more.
    find "${REMEMBERED%/*}" -type f -mtime +30 -exec rm -f {} + 2>/dev/null || : # another run may be at the same
    if print_found 2>/dev/null >"$REMEMBERED.$$" && mv "$REMEMBERED.$$" "$REMEMBERED"; then return; fi
    rm -f "$REMEMBERED.$$"
}

print_found() {
    printf '%s %s\n' home "$TOOLS_HOME" docker "$OWN_DOCKER"
    for name in node pulumi docker; do printf 'first-%s %s\n' "$name" "$(command -v "$name" || :)"; done
    set --
    for part in $(needed_parts); do
        placed=$(place_of "$part")/$(executable "$part")
        if { [ ! -x "$placed" ] || machine_first "$part"; } && found=$(on_machine "$part"); then
            [ -n "$found" ] || continue # docker finds it by itself
            set -- "$@" "$found"
            placed=$found
        fi
        printf 'there %s\n' "$placed"
    done
    for found; do printf 'machine %s\n' "$found"; done
    [ $# -eq 0 ] || printf 'as %s\n' "$(seen "$@")"
}
