# shellcheck shell=sh
# Sends a signal to the pgbouncer of each app: signal-apps.sh SIGNAL
set -eu
docker ps -q --filter name=^dlgr-app- --filter label=com.docker.compose.service=pgbouncer | while read -r container; do
    process=$(docker inspect --format '{{.State.Pid}}' "$container" 2>/dev/null) || continue
    # It may end at any moment; then its number is 0.
    if [ "$process" -gt 1 ]; then kill -s "$1" "$process" 2>/dev/null || :; fi
done
