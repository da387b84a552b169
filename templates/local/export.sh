#!/bin/sh
# Prints the data of an app on this machine, as the verb `export` of an app on a server does: export.sh POSTGRES DATABASE yes|no
# POSTGRES is the container; yes puts a dump in front. Only reads.
set -eu
shared=$(dirname "$0")/../shared
app_scripts=$(dirname "$0")/../app
# shellcheck source=templates/shared/messages.sh
. "$shared/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$shared/server.sh"
# shellcheck source=templates/app/tables.sh
. "$app_scripts/tables.sh"
# shellcheck source=templates/app/copies.sh
. "$app_scripts/copies.sh"
# shellcheck source=templates/app/export.sh
. "$app_scripts/export.sh"
# shellcheck disable=SC2034 # what is sourced uses these
postgres=$1 database=$2 app=$2

# On this machine the experiment's secrets are its owner's.
masked() {
    cat
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$folder/log"
export_database "$3"
echo ": end"
