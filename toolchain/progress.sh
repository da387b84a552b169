# shellcheck shell=sh
# What the toolchain tells while it works, on stderr.

STARTED=$(date +%s)
QUIET=

# say TEXT…: one line, after the time since the start.
say() {
    now=$(($(date +%s) - STARTED))
    printf 'toolchain: [%d:%02d] %s\n' $((now / 60)) $((now % 60)) "$*" >&2
}

# note TEXT…: the same, unless only work is to be told.
note() {
    [ -n "$QUIET" ] || say "$@"
}

# be_quiet: from now on only work is told.
be_quiet() {
    QUIET=yes
}

# fail TEXT…: ends the command with one line that says what to do.
fail() {
    printf 'toolchain: %s\n' "$*" >&2
    exit 1
}

# tell_lines PROCESS FILE TOTAL NOUN: every ten seconds how many lines FILE has by now, while PROCESS works.
tell_lines() {
    while sleep 10 >/dev/null 2>&1 && kill -0 "$1" 2>/dev/null; do
        say "  … $(wc -l <"$2" | tr -d ' ') of at most $3 $4"
    done
}
