# shellcheck shell=sh disable=SC2154 # part is of the scripts that source this
# Programs out of Go modules: fetched by version, checked against go.sum, compiled into the cache.

# go_build FOLDER PACKAGE OUTPUT [LDFLAGS [FLAG…]]: compiles PACKAGE with the module in FOLDER to the file OUTPUT, for $part, which is told.
go_build() {
    module=$1 package=$2 output=$3 ldflags="-s -w${4:+ $4}"
    shift $(($# < 4 ? $# : 4))
    command -v go >/dev/null || fail "Go is missing; install Go $(go_needed "$module") or newer and run this again"
    mkdir -p "$CACHE/go/mod" "$CACHE/go/build"
    log=$CACHE/toolchain/build-$part.log
    say "  $part: fetching the Go modules"
    attend in_module "$module" go list -deps "$package" >"$log.packages" 2>"$log" || go_failed
    packages=$(wc -l <"$log.packages" | tr -d ' ')
    # shellcheck disable=SC2086 # the flags are several words
    in_module "$module" go build -v $BUILD_FLAGS -ldflags "$ldflags" "$@" -o "$output" "$package" 2>"$log" &
    worker=$!
    tell_lines "$worker" "$log" "$packages" "packages of $part compiled" &
    teller=$!
    await || go_failed
    kill "$teller" 2>/dev/null || true
    teller=
    rm -f "$log" "$log.packages"
}

# in_module FOLDER COMMAND…: becomes the command, there, with the cache's own Go folders whatever the user's settings
# say.
in_module() {
    cd "$1" || exit
    shift
    export GOMODCACHE="$CACHE/go/mod" GOCACHE="$CACHE/go/build" GOFLAGS=-modcacherw GOWORK=off
    export CGO_ENABLED=0 GOOS='' GOARCH=''
    # Compilers that need not collect what they have done with are a tenth quicker; six of them may run at once.
    ! is_roomy || export GOGC=off GOMEMLIMIT=1500MiB
    exec "$@"
}

# is_roomy: whether the machine has 10 GiB of memory to spare.
is_roomy() {
    free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null) && [ "${free:-0}" -ge 10485760 ]
}

# go_failed: shows the end of what Go said and ends the command.
go_failed() {
    tail -n 15 "$log" >&2
    fail "Go could not build $part: the lines above say why, all of them are in $log; once that is mended run this again"
}

# go_needed FOLDER: the version of Go that the module in FOLDER asks for.
go_needed() {
    sed -n 's/^go //p' "$1/go.mod"
}
