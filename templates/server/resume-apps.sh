# shellcheck shell=sh
# Has apps go on that a run of the verb `services` holds, once it has ended, however: resume-apps.sh PROCESS. A run ends by
# itself long before the hour in which it is waited for.
set -eu
for _ in $(seq 3600); do
    kill -0 "$1" 2>/dev/null || break
    sleep 1
done
for _ in $(seq 30); do
    ! sh "$(dirname "$0")/signal-apps.sh" USR2 || exit 0
    sleep 10
done
exit 1
