#!/bin/sh
# The variables that docker-ssh sets, under the names that the base's entry point has for them.
set -eu
export DB_HOST="$POSTGRESQL_HOST" DB_USER="$POSTGRESQL_USERNAME" DB_PASSWORD="$POSTGRESQL_PASSWORD" DB_NAME="$PGBOUNCER_DATABASE"
export LISTEN_PORT="$PGBOUNCER_PORT" POOL_MODE="$PGBOUNCER_POOL_MODE" SERVER_IDLE_TIMEOUT="$PGBOUNCER_SERVER_IDLE_TIMEOUT"
# PostgreSQL 17 keeps passwords as SCRAM has them, where 12 had md5.
export AUTH_TYPE=scram-sha-256
exec /entrypoint.sh "$@"
