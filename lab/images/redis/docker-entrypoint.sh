#!/bin/sh
# The contract of the official image's entry point: options and configuration files go to redis-server, as user redis.
set -eu

case "${1:-}" in
-* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ]; then
    shift
    # The original is built to take connections from outside its own container; Debian's has to be told. A configuration
    # file comes before options, and what comes later counts.
    case "${1:-}" in
    '' | -*) set -- redis-server --protected-mode no "$@" ;;
    *)
        file=$1
        shift
        set -- redis-server "$file" --protected-mode no "$@"
        ;;
    esac
    [ "$(umask)" != 0022 ] || umask 0077
    if [ "$(id -u)" -eq 0 ]; then
        find . ! -user redis -exec chown redis {} +
        exec setpriv --reuid=redis --regid=redis --clear-groups "$@"
    fi
fi
exec "$@"
