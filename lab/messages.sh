# shellcheck shell=bash
# What the lab says, all of it on stderr: stdout is for what was asked for.

say() {
    printf 'lab: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}
