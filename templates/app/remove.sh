#!/bin/sh
# Takes the app off the server, its data saved first: remove.sh site | release SECONDS | database | all SECONDS
# Each part can be called again, and `all` when parts are missing: a deployment that broke off is removed the same way.
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/shared/group.sh
. "$bin/group.sh"
# shellcheck source=templates/app/copies.sh
. "$bin/copies.sh"
# shellcheck source=templates/app/backup-room.sh
. "$bin/backup-room.sh"
# shellcheck source=templates/app/drain.sh
. "$bin/drain.sh"
# shellcheck source=templates/app/backup.sh
. "$bin/backup.sh"
# shellcheck source=templates/app/prune.sh
. "$bin/prune.sh"

main() {
    lock_server
    case $1 in
    site) close_site ;;
    release) remove_release "$2" ;;
    database) remove_database ;;
    all)
        remove_release "$2"
        remove_database
        remove_folder
        ;;
    *) refuse "remove.sh site, release SECONDS, database or all SECONDS" ;;
    esac
}

remove_release() {
    close_site
    drain "$1"
    # What is being restored is in the backup that it comes from, and the app has added nothing.
    if [ ! -e "$restoring" ] && owns_database; then backup; fi
    remove_containers
    remove_releases
}

# By label, so that what compose no longer knows of goes as well.
remove_containers() {
    say "removing containers, volumes and networks"
    mine=label=com.docker.compose.project=$project
    docker container ls -aq --filter "$mine" | while read -r id; do docker container rm --force --volumes "$id" >/dev/null; done
    docker volume ls -q --filter "$mine" | while read -r id; do docker volume rm "$id" >/dev/null; done
    docker network ls -q --filter "$mine" | while read -r id; do
        docker network disconnect --force "$id" "$caddy" 2>/dev/null || : # not joined, or gone
        docker network rm "$id" >/dev/null
    done
}

# All of them, with the images that no other app has.
remove_releases() {
    rm -f "$upstream" "$folder/release-applied" "$folder/current"
    for kept in "$releases"/*/; do
        [ -e "$kept" ] || continue
        image=$(cat "$kept/image")
        rm -rf "$kept"
        remove_image "$image"
    done
}

remove_database() {
    [ -e "$folder/database-made" ] || return 0
    if database_exists; then
        if [ ! -e "$restoring" ] && { [ ! -s "$folder/backup" ] || [ ! -d "$(cat "$folder/backup")" ]; }; then
            refuse "the database of $app has no verified backup and is kept"
        fi
        say "dropping the database"
    fi
    printf 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\nDROP ROLE IF EXISTS "%s";\n' "$database" "$database" | superuser postgres >/dev/null 2>&1
    rm -f "$folder/database-applied" "$folder/database-made"
}

remove_folder() {
    rm -rf "$files"
    rmdir "$backups/$app" 2>/dev/null || : # kept while it holds a backup
    rm -f "$folder/docker-user"
    settle_docker_group
    rm -rf "$folder"
}

main "$@"
