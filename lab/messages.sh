# shellcheck shell=bash
# What the lab says, all of it on stderr: stdout is for what was asked for.

say() {
    printf 'lab: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# retried COMMAND…: up to three times, because archives and registries fail now and then.
retried() {
    local tries=1
    until "$@"; do
        [ "$((tries += 1))" -le 3 ] || return 1
        sleep 5
    done
}
