# shellcheck shell=sh
# Sourced. Progress and refusals go to standard error, a line each: that is what the operator sees while a script works.

# A lost connection must not stop a backup or a launch half-way: without a reader the lines go nowhere.
trap '' PIPE

# say TEXT…: one line of progress.
say() {
    printf '%s\n' "$*" >&2 || :
}

# refuse TEXT…: one line that says what to do, and the end.
refuse() {
    say "$*"
    exit 1
}
