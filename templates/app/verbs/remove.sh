# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Takes the app off the server, its data saved first: remove site | schedule | release SECONDS | database [SECONDS] | all SECONDS
# Each part can be called again, and when parts are missing: a deployment that failed or broke off is removed the same way. The first
# to find data saves them: a release that has failed at its first time is in no state, and only its database's removal comes.
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
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"

verb_remove() {
    case ${1:-} in
    site) close_site ;;
    schedule) remove_schedule ;;
    release) remove_release "$2" ;;
    database)
        # The seconds that the first version's state does not name are the configuration's default.
        remove_release "${2:-600}"
        remove_database
        ;;
    all)
        remove_release "$2"
        remove_database
        remove_folder
        ;;
    *) refuse "remove site, schedule, release SECONDS, database SECONDS or all SECONDS" ;;
    esac
}

remove_release() {
    rest_schedule
    close_site
    drain "$1"
    # What is being restored is in the backup that it comes from, and the app has added nothing.
    if [ ! -e "$restoring" ] && owns_database; then
        backup
        send_away
    fi
    remove_containers
    remove_releases
}

# By label, so that what compose no longer knows of goes as well.
remove_containers() {
    mine=label=com.docker.compose.project=$project
    there=$(docker_says container ls -aq --filter "$mine")
    [ -z "$there" ] || say "removing containers, volumes and networks"
    for id in $there; do docker container rm --force --volumes "$id" >/dev/null; done
    there=$(docker_says volume ls -q --filter "$mine")
    for id in $there; do docker volume rm "$id" >/dev/null; done
    there=$(docker_says network ls -q --filter "$mine")
    for id in $there; do
        docker network disconnect --force "$id" "$caddy" 2>/dev/null || : # not joined, or gone
        docker network rm "$id" >/dev/null
    done
}

# All of them, with the images that no other app has; also one that was brought for a release which has not come to be.
remove_releases() {
    wanted=$(cat "$folder/image-wanted" 2>/dev/null || true) # no file: no image was brought
    rm -f "$folder/image-wanted"
    rm -f "$upstream" "$folder/release-applied" "$folder/current"
    for kept in "$releases"/*/; do
        [ -e "$kept" ] || continue
        image=$(cat "$kept/image")
        rm -rf "$kept"
        remove_image "$image"
    done
    [ -z "$wanted" ] || remove_image "$wanted"
}

remove_database() {
    [ -e "$folder/database-made" ] || return 0
    if database_exists; then
        if [ ! -e "$restoring" ] && { [ ! -s "$folder/backup" ] || [ ! -d "$(cat "$folder/backup")" ]; }; then
            refuse "the database of $app has no verified backup and is kept"
        fi
        say "dropping the database"
    fi
    rm -f "$folder/database-applied"
    with_server_lock drop_database
    rm -f "$folder/database-made"
}

drop_database() {
    printf 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\nDROP ROLE IF EXISTS "%s";\n' "$database" "$database" | superuser postgres >/dev/null 2>&1
}

# Owner, scripts and the name of the backup go last, and at once: an app without that name would begin with nothing, and one without
# its scripts could not be removed.
remove_folder() {
    remove_schedule
    rm -rf "$files"
    rm -rf "$backups/$app/.incomplete" "$backups/$app/.fetching" # of a backup, or its way here, that was killed
    rmdir "$backups/$app" 2>/dev/null || : # kept while it holds a backup
    rm -f "$folder/docker-user"
    with_server_lock settle_docker_group
    find "$folder" -mindepth 1 -maxdepth 1 ! -name bin ! -name owner ! -name backup -exec rm -rf {} +
    rm -rf "$root/apps/.removed-$app"
    mv -T "$folder" "$root/apps/.removed-$app"
    rm -rf "$root/apps/.removed-$app"
}
