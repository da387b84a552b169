#!/bin/sh
# In the place of a script that an earlier version of this program had here, by whose name the states of stacks call it.
set -eu
bin=$(dirname "$(readlink -f "$0")")
for door in app server; do
    [ ! -x "$bin/$door" ] || exec "$bin/$door" "$(basename "$0" .sh)" "$@"
done
echo "the scripts in $bin are not complete, and nothing is done: run \`./pulumi up\` again" >&2
exit 1
