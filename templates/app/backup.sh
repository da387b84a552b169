# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, tables.sh, copies.sh, backup-room.sh and drain.sh or live.sh: a backup that has been read back before it counts.

shelf=$backups/$app
staging=$shelf/.incomplete
scratch=check_$app

# backup: of a drained app. Writes its path to $folder/backup when it is complete and verified; resumes the app otherwise.
backup() {
    if [ -s "$folder/backup" ] && [ -d "$(cat "$folder/backup")" ]; then return; fi
    lock_backups 3600 "an hour"
    # What an interrupted one has left takes room.
    clear_backup
    require_backup_room
    say "saving the database, files, Redis and logs"
    # In a condition, `set -e` is off inside the functions: each says by its status that it worked.
    if make_folders && admit_own && dump_database && verify_database && save_files && save_redis && save_logs && save_records final &&
        seal && shelve_backup; then
        say "the backup is complete: $finished"
        exec 6<&-
    else
        say_full_disk
        clear_backup
        give_up "the backup of $app could not be made and verified, $unsaved: the lines above say why"
    fi
}

# What docker says of a full disk is in the log that was to be saved.
say_full_disk() {
    [ "$(df --output=avail -k "$backups" | tail -n 1)" -gt 0 ] || say "no space left on device: $backups is full"
}

# The name of what is complete is on disk before anything is dropped: without it the app would begin with nothing. One that may not be
# on disk is taken back, with the backup: an app that is resumed must not be dropped for it some day.
shelve_backup() {
    if shelve && printf '%s\n' "$finished" >"$folder/.backup" && sync "$folder/.backup" &&
        mv "$folder/.backup" "$folder/backup" && sync "$folder"; then
        return
    fi
    rm -rf "$folder/backup" "$folder/.backup" "$finished"
    say "the backup could not be put on the server's disk"
    return 1
}

# shelve: from here on it has its name, $finished.
shelve() {
    finished=$shelf/$(date -u +%Y%m%dT%H%M%SZ)
    [ ! -e "$finished" ] || finished=$finished-$$
    mv "$staging" "$finished" && sync "$shelf"
}

# lock_backups SECONDS TEXT: two at once would both count on the same room. TEXT is SECONDS in words.
lock_backups() {
    exec 6<"$backups"
    flock -n 6 && return
    say "another backup is being made on this server: waiting for it (up to $2)"
    flock -w "$1" 6 || give_up "other backups have been made on this server for $2, $unsaved: see \`ps axf\` there, then run the command again"
}

make_folders() {
    install -d -m 700 "$shelf" "$staging" "$staging/tables" "$staging/parts" "$staging/logs"
}

# Nothing of a backup that is not whole stays, neither on this disk nor in PostgreSQL.
clear_backup() {
    rm -rf "$staging" "$shelf/.removed"
    rmdir "$shelf" 2>/dev/null || : # kept while it holds a backup
    if end_sessions && drop_scratch; then return; fi
    say "PostgreSQL does not answer: \`docker logs $postgres\` on the server says why"
}

# fail_backup TEXT: in a line what did not work, after the last ones of its log.
fail_backup() {
    tail -n 4 "$folder/log/backup.log" | head -n 3 | masked >&2
    say "$1"
    return 1
}

# The dump, each table as CSV, and their names.
dump_database() {
    if last_words "$folder/log/backup.log" receive_copies "$database" yes "$staging/parts" "" && name_tables; then return 0; fi
    fail_backup "the database could not be dumped"
}

# receive_copies DATABASE DUMP FOLDER PROGRAM: as table_copies sends them, and as write_copies writes them into an empty folder. A
# runtime that could not start a command has sent nothing: it is tried again.
receive_copies() {
    number=$(count_kept_tables "$1") || return 1
    for pause in 1 3 0; do
        if table_copies "$1" "$number" "$2" | write_copies "$3" "$room_for_copies" "$4"; then return 0; fi
        if [ "$pause" = 0 ] || [ -n "$(ls -A "$3")" ]; then return 1; fi
        sleep "$pause"
    done
}

# From numbers to names, which are PostgreSQL's work and nonetheless looked at before they become paths.
name_tables() {
    number=0
    while read -r name; do
        number=$((number + 1))
        case $name in '' | *[!A-Za-z0-9_%~.-]*) return 1 ;; esac
        [ ! -e "$staging/tables/$name.csv" ] && mv "$staging/parts/$number" "$staging/tables/$name.csv" || return 1
    done <"$staging/parts/names"
    [ -s "$staging/parts/dump" ] && mv "$staging/parts/dump" "$staging/database.dump"
}

# The dump as it lies on disk is restored into a scratch database, which the app's role owns like its own, and every table of that
# written as CSV again: equal bytes are equal rows.
verify_database() {
    say "restoring the backup into a scratch database"
    if make_scratch && last_words "$folder/log/backup.log" restore_scratch &&
        last_words "$folder/log/backup.log" receive_copies "$scratch" no "$staging/restored" " | sha256sum" &&
        last_words "$folder/log/backup.log" same_tables && row_counts "$scratch" >"$staging/rows"; then
        rm -rf "$staging/parts" "$staging/restored" && drop_scratch
        return
    fi
    fail_backup "the dump, restored, is not what the database holds"
}

make_scratch() {
    mkdir "$staging/restored" && drop_scratch &&
        printf 'CREATE DATABASE "%s" OWNER "%s";\nREVOKE ALL ON DATABASE "%s" FROM PUBLIC;\n' "$scratch" "$database" "$scratch" | superuser postgres
}

restore_scratch() {
    own_restore "$scratch" "$staging/database.dump" --exit-on-error
}

same_tables() {
    cmp "$staging/parts/names" "$staging/restored/names" || return 1
    number=0
    while read -r name; do
        number=$((number + 1))
        [ "$(sha256sum <"$staging/tables/$name.csv")" = "$(cat "$staging/restored/$number")" ] || { echo "$name is not the same" && return 1; }
    done <"$staging/parts/names"
}

drop_scratch() {
    printf 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\n' "$scratch" | superuser postgres >/dev/null 2>&1
}

save_files() {
    [ -d "$files" ] || return 0
    if last_words "$folder/log/backup.log" pack_files; then return 0; fi
    fail_backup "the files in $files could not be saved"
}

# Holes stay holes: a file that has them can be far larger than the disk.
pack_files() {
    tar -C "$files" --numeric-owner --sparse -cf "$staging/files.tar" . && tar -C "$files" --compare -f "$staging/files.tar" >/dev/null
}

# Redis holds the ids of running studies and the jobs nobody has worked on.
save_redis() {
    redis=$(containers redis) || return 1
    redis=$(printf '%s\n' "$redis" | head -n 1)
    [ -n "$redis" ] || return 0
    if ! redis_runs; then
        ! redis_holds_nothing || return 0
        say "Redis of $app does not run, and what it holds cannot be saved: \`sudo docker logs $redis\` on the server says why; \`sudo docker container rm -f $redis\` there gives it up"
        return 1
    fi
    if container_exec "$redis" redis-cli SAVE </dev/null >/dev/null && docker cp -q "$redis:/data" "$staging/redis" &&
        [ "$(container_exec "$redis" sha256sum /data/dump.rdb </dev/null | cut -d' ' -f1)" = "$(sha256sum "$staging/redis/dump.rdb" | cut -d' ' -f1)" ]; then
        return 0
    fi
    say "Redis could not be saved"
    return 1
}

redis_runs() {
    docker start "$redis" >/dev/null 2>&1
    for _ in $(seq 30); do
        [ "$(container_exec "$redis" redis-cli PING </dev/null 2>/dev/null)" != PONG ] || return 0
        sleep 1
    done
    return 1
}

# As one does that has never run: the app's first release has failed before that.
redis_holds_nothing() {
    docker cp -q "$redis:/data" "$staging/redis" && [ -z "$(find "$staging/redis" -type f)" ] && rm -r "$staging/redis"
}

save_logs() {
    for service in web worker clock pgbouncer redis; do
        logging=$(containers "$service") || return 1
        for id in $logging; do docker logs --timestamps "$id" 2>&1 || return 1; done >"$staging/logs/$service.log" || return 1
    done
    # What containers of previous releases have logged.
    [ ! -e "$folder/log/former" ] || cp -r "$folder/log/former" "$staging/logs/" || return 1
}

# save_records KIND: what is known of the app, and how the backup was made: `final` before a removal, `manual` or `scheduled`.
save_records() {
    printf '%s\n' "$1" >"$staging/kind" || return 1
    for record in owner launch-started launch.json looked-up; do
        [ ! -e "$folder/$record" ] || cp "$folder/$record" "$staging/" || return 1
    done
    [ ! -e "$release" ] || { cp "$release/record.json" "$staging/release.json" && cp "$release/compose.yaml" "$staging/"; } || return 1
}

seal() {
    (cd "$staging" && find . -type f -print0 | sort -z | xargs -0 sha256sum >"$folder/sums") && mv "$folder/sums" "$staging/SHA256SUMS" &&
        chmod -R go= "$staging" && find "$staging" -exec sync {} +
}
