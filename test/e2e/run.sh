#!/bin/sh
# Runs the end-to-end tests on a lab of their own: run.sh [FILE…]
# With DALLINGER_E2E_LAB set to the name of a running lab that one is used and kept.
set -eu
project=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
cd "$project"
if [ $# = 0 ]; then set -- 'test/e2e/**/*.test.ts'; fi

# By the login id, secrets.test.ts has the kernel tell these processes, the lab's included, from the machine's others; where it
# cannot be set, that test says so.
{ echo $$ >/proc/self/loginuid; } 2>/dev/null || :

if [ -z "${DALLINGER_E2E_LAB:-}" ]; then
    DALLINGER_E2E_LAB=e2e-$$
    trap 'lab/lab down "$DALLINGER_E2E_LAB"' EXIT
    trap 'exit 130' INT TERM
    lab/lab up "$DALLINGER_E2E_LAB"
fi
export DALLINGER_E2E_LAB
# Each file has servers of its own, and mostly waits: two at a time keep two processors busy.
toolchain/toolchain run node --test --test-concurrency=2 --test-timeout="${DALLINGER_E2E_TIMEOUT:-1500000}" "$@"
