#!/bin/sh
# Runs the benchmarks on a lab of their own and writes docs/benchmarks.md (about an hour).
#   DALLINGER_E2E_LAB          name of a running lab to use, which is kept
#   DALLINGER_BENCH_CASES      which: no-op life load pairs apps, or local alone, which writes docs/benchmarks-local.md
#   DALLINGER_BENCH_PREDECESSOR  no: life and load without docker-ssh of Dallinger 12.4, which comes from PyPI
#   DALLINGER_BENCH_RUNS       how often each (5)
#   DALLINGER_BENCH_ROUND_TRIPS, DALLINGER_BENCH_APPS    milliseconds to add (0; "0 50"), and which k (1 20)
#   DALLINGER_BENCH_OUTPUT     another file than docs/benchmarks.md
set -eu
project=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
cd "$project"
if [ -z "${DALLINGER_E2E_LAB:-}" ]; then
    DALLINGER_E2E_LAB=bench-$$
    trap 'lab/lab down "$DALLINGER_E2E_LAB"' EXIT
    trap 'exit 130' INT TERM
    lab/lab up "$DALLINGER_E2E_LAB"
fi
export DALLINGER_E2E_LAB
[ "${DALLINGER_BENCH_CASES:-}" = local ] || lab/lab run "$DALLINGER_E2E_LAB" toolchain/toolchain run node test/bench/bench.ts
case " ${DALLINGER_BENCH_CASES:-local} " in *' local '*)
    lab/lab laptop "$DALLINGER_E2E_LAB" >/dev/null
    lab/lab laptop "$DALLINGER_E2E_LAB" toolchain/toolchain run node test/bench/local/bench.ts "${DALLINGER_BENCH_RUNS:-5}"
    ;;
esac
