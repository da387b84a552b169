#!/bin/sh
# Runs the end-to-end tests on a lab of their own: run.sh [FILE OR PATTERN…]
# With DALLINGER_E2E_LAB set to the name of a running lab that one is used and kept.
set -eu
project=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
cd "$project"

# By the login id, secrets.test.ts has the kernel tell these processes, the lab's included, from the machine's others; where it
# cannot be set, that test says so.
{ echo $$ >/proc/self/loginuid; } 2>/dev/null || :

if [ -z "${DALLINGER_E2E_LAB:-}" ]; then
    DALLINGER_E2E_LAB=e2e-$$
    trap 'lab/lab down "$DALLINGER_E2E_LAB"' EXIT
    trap 'exit 130' INT TERM
    lab/lab up "$DALLINGER_E2E_LAB"
    # Now, while nothing builds: the engine is stopped for it.
    lab/lab equip "$DALLINGER_E2E_LAB"
fi
export DALLINGER_E2E_LAB
# The program asks apps' addresses as a participant's browser would: by name.
lab/lab run "$DALLINGER_E2E_LAB" toolchain/toolchain run node test/stories/runFiles.ts "$@"
