# shellcheck shell=sh
# Sends a signal to the pgbouncer of each app: signal-apps.sh SIGNAL. Fails where not all are known.
set -eu

# pgbouncers_below PROCESS: a container's first process is docker-init, which has started it. Anything else would end by the signal: an
# entry point that is still at work, or another program. 0 is the process of a container that has ended.
pgbouncers_below() {
    children=$(grep -lsx "PPid:[[:blank:]]*$1" /proc/[0-9]*/status | cut -d/ -f3) || children=
    for process in "$1" $children; do
        [ "$(cat "/proc/$process/comm" 2>/dev/null)" != pgbouncer ] || echo "$process"
    done
}

containers=$(docker ps -q --filter name=^dlgr-app- --filter label=com.docker.compose.service=pgbouncer)
known=yes
for container in $containers; do
    first=$(docker inspect --format '{{.State.Pid}}' "$container" 2>/dev/null) || { known=no && continue; }
    for found in $(pgbouncers_below "$first"); do
        kill -s "$1" "$found" 2>/dev/null || : # it may end at any moment
    done
done
[ "$known" = yes ]
