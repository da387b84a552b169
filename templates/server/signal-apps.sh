# shellcheck shell=sh
# Sends a signal to the pgbouncer of each app: signal-apps.sh SIGNAL. Fails where not all are known.
set -eu
containers=$(docker ps -q --filter name=^dlgr-app- --filter label=com.docker.compose.service=pgbouncer)
known=yes
for container in $containers; do
    process=$(docker inspect --format '{{.State.Pid}}' "$container" 2>/dev/null) || { known=no && continue; }
    # Anything else would end by the signal: an entry point that is still at work, or another program. 0 is one that has ended.
    if [ "$(cat "/proc/$process/comm" 2>/dev/null)" = pgbouncer ]; then kill -s "$1" "$process" 2>/dev/null || :; fi # it may end at any moment
done
[ "$known" = yes ]
