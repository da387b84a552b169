# shellcheck shell=sh disable=SC2154,SC2034 # variables of the scripts that source this, and of this for them
# Sourced, after app.sh, tables.sh and drain.sh or live.sh: room for a backup before its first byte. A full disk stops the databases of every app.

# What stays free for the others, on each disk.
spare_bytes=$((256 * 1048576))

# require_backup_room: gives up where there is not enough. Afterwards $room_for_copies is what dump and CSVs may take at most, and
# $room_for_files what the files may.
require_backup_room() {
    held=$(database_bytes) || held=
    is_number "$held" || give_up "PostgreSQL does not say how large the database of $app is: \`docker logs $postgres\` on the server says why"
    kept=$(kept_bytes) || kept=
    is_number "$kept" || give_up "it cannot be read on the server how large the files of $app are: \`sudo du -s $files\` there says why"
    volumes=$(docker_folder) || give_up "Docker does not say on the server where it keeps its data: \`sudo docker info\` there says why"
    # Dump and CSVs, twice what the database takes. Restored to be checked it takes as much again, and PostgreSQL's log of that twice.
    copies=$((2 * held))
    checked=$((3 * held))
    free=$(free_bytes "$backups") || free=
    if [ "$(stat -c %d "$backups")" = "$(stat -c %d "$volumes")" ]; then
        require_free "$backups" "$free" $((copies + kept + checked + spare_bytes))
        room_for_copies=$((free - kept - checked - spare_bytes))
    else
        require_free "$backups" "$free" $((copies + kept + spare_bytes))
        require_free "$volumes" "$(free_bytes "$volumes")" $((checked + spare_bytes))
        room_for_copies=$((free - kept - spare_bytes))
    fi
    room_for_files=$((room_for_copies + kept - copies))
}

# In PostgreSQL's own words; the tables and indexes of the app are all that it can fill.
database_bytes() {
    printf "SELECT pg_database_size('%s');\n" "$database" | superuser postgres -At
}

# Files, and what Redis holds: a tenth more than they take, for the archive's own lines.
kept_bytes() {
    kept=0
    [ ! -d "$files" ] || kept=$(du -s -B 1 "$files" | cut -f 1)
    store=$(docker volume inspect --format '{{.Mountpoint}}' "$project-redis" 2>/dev/null) || store=
    [ ! -d "$store" ] || kept=$((kept + $(du -s -B 1 "$store" | cut -f 1)))
    echo $((kept + kept / 10))
}

# require_free PLACE FREE NEEDED, in bytes
require_free() {
    is_number "$2" || give_up "it cannot be read on the server how much is free in $1: \`df $1\` there says why"
    [ "$2" -lt "$3" ] || return 0
    give_up "the backup of $app needs more room, $unsaved: $(($2 / 1048576)) MiB are free in $1, and $(($3 / 1048576)) MiB have to be, for it and for the check that it can be restored. \`sudo docker image prune -a\` on the server removes images that no container uses; backups in $backups that have been fetched can go, too"
}
