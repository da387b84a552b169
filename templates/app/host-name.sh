#!/bin/sh
# Runs a program under a host name of its own: host-name.sh NAME PROGRAM…
# restic tells by the host whether a lock is its own and by the process whether that still works; many servers have the same name.
set -eu
if [ "${in_space:-}" = "" ]; then
    exec env in_space=yes unshare --uts sh "$0" "$@"
fi
unset in_space
# In a container the second is often closed, and a few distributions do not have the first.
if command -v hostname >/dev/null; then hostname "$1"; else printf '%s' "$1" >/proc/sys/kernel/hostname; fi
shift
exec "$@"
