# shellcheck shell=sh
# Where the toolchain's things are, and how a part comes there whole or not at all.

CACHE=${DALLINGER_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dallinger-pulumi}
STORE=$CACHE/toolchain/parts
PLATFORM="$(uname -s)-$(uname -m)"
# The linker would leave out what is for debuggers (-w): so it is not compiled either.
BUILD_FLAGS="-trimpath -buildvcs=false -gcflags=all=-dwarf=false"

# sums [FILE…]: as sha256sum prints them.
sums() {
    if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# digest: the sha256 of what is read from stdin.
digest() {
    sums | cut -d ' ' -f 1
}

# sources PART: the files that, with the version, decide what is built; relative to this folder.
sources() {
    case $1 in
    node) find node -type f ;;
    random | command | docker)
        find "plugins/$1" -type f \( -name '*.go' -o -name 'go.*' -o -name '*.json' -o -name '*.sh' \) ! -name '*_test.go'
        ;;
    docker-cli | buildx) find modules/buildx -type f ;;
    *) find "modules/$1" -type f ;;
    esac
}

# find_keys: sets KEYS, to "PART=KEY " for every part. A key changes when, and only when, the part would be made
# differently.
find_keys() {
    KEYS=' '
    for part in $(all_parts); do
        sources=$(cd "$TOOLS" && sources "$part" 2>/dev/null | LC_ALL=C sort)
        # shellcheck disable=SC2086 # the names of our own files have no spaces
        contents=$([ -z "$sources" ] || { cd "$TOOLS" && sums $sources; })
        key=$(printf '%s\n' "$part" "$(version "$part")" "$PLATFORM" "$BUILD_FLAGS" "$contents" | digest)
        KEYS="$KEYS$part=$(printf %.12s "$key") "
    done
}

# key PART: from KEYS.
key() {
    key=${KEYS#* "$1"=}
    echo "${key%% *}"
}

# stored PART: the folder of its finished files, whether they are there or not.
stored() {
    echo "$STORE/$1-$(version "$1")-$(key "$1")"
}

# make PART…: makes these, two at a time: one compiles while the other one waits for the network, or links. One run at a time.
make() {
    mkdir -p "$STORE"
    exec 9>"$CACHE/toolchain/lock"
    wait_for_turn
    clear_unfinished
    turns=$STORE/.unfinished-turns-$$
    mkdir "$turns"
    for lane in 1 2; do
        (take_turns "$@") 9>&- &
        lanes="${lanes:-} $!"
    done
    made=yes
    for lane in $lanes; do wait "$lane" || made=; done
    lanes=
    rm -rf "$turns"
    exec 9>&-
    [ -n "$made" ] || exit 1
}

# take_turns PART…: makes those that the other lane has not begun with, until all are made, or one could not be.
take_turns() {
    lanes=
    trap 'end_lane $?' EXIT
    trap 'exit 143' TERM HUP
    for part; do
        [ ! -e "$turns/failed" ] || return 0
        # Where another run has removed the folder, this one was killed.
        if mkdir "$turns/$part" 2>/dev/null; then make_part "$part"; fi
    done
}

# end_lane STATUS
end_lane() {
    if [ "$1" -ne 0 ] && [ -d "$turns" ]; then : >"$turns/failed"; fi
    tidy_up
}

# make_part PART: obtains it into its folder, which appears whole or not at all, and puts it in its place.
make_part() {
    if [ ! -d "$(stored "$1")" ]; then
        say "$1 $(version "$1"): getting it"
        unfinished=$STORE/.unfinished-$1-$$
        mkdir "$unfinished"
        "obtain_$(echo "$1" | tr - _)" "$unfinished"
        [ -x "$unfinished/$(executable "$1")" ] || fail "$1: nothing was made; the lines above say why"
        [ -d "$turns" ] || fail "another run goes on here: this one counts as ended"
        mv "$unfinished" "$(stored "$1")"
        unfinished=
        say "$1 $(version "$1"): done"
    fi
    place "$1"
}

# clear_unfinished: removes what interrupted runs left.
clear_unfinished() {
    for left in "$STORE"/.unfinished-*; do
        kill -0 "${left##*-}" 2>/dev/null || rm -rf "$left"
    done
}

# wait_for_turn: takes the lock on descriptor 9, which nothing in the background inherits. Without flock two runs may do
# the same work twice; neither breaks it.
wait_for_turn() {
    command -v flock >/dev/null || return 0
    flock -n 9 && return 0
    say "another run is at work here; waiting for it"
    flock 9
}

# attend COMMAND…: runs it, in a shell of its own, so that a signal to this one ends both at once.
attend() {
    "$@" &
    worker=$!
    await
}

# await: until the worker is done; its exit status.
await() {
    worked=0
    wait "$worker" || worked=$?
    worker=
    return "$worked"
}

# tidy_up: stops what was started and removes what is unfinished; safe at any moment.
tidy_up() {
    for process in ${worker:-} ${teller:-} ${lanes:-}; do kill "$process" 2>/dev/null || true; done
    for process in ${lanes:-}; do wait "$process" || true; done
    if [ -n "${unfinished:-}" ]; then rm -rf "$unfinished"; fi
    if [ -n "${lanes:-}" ]; then rm -rf "$turns"; fi
}
