# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, archive.sh and tables.sh: an app that has not run here yet begins with what a backup holds.
#
# The mark $restoring names the backup from before the first change until the last part is in place. As long as it is there the app
# has not run here and has nothing that the backup does not have: each part can be done again, and whoever removes the app has
# nothing to save.

# plan_restore NAME: sets the mark when the app is to begin with the backup NAME, an empty one being none. An app that has run here
# and a database with tables are left as they are, whatever NAME says.
plan_restore() {
    started=$(cat "$restoring" 2>/dev/null || true) # no file: nothing is being restored
    if [ -n "$started" ]; then
        # What a removal of its own has saved an app takes up again by itself.
        [ "$1" = "$started" ] || { [ -z "$1" ] && [ "$(saved_name)" = "$started" ]; } ||
            refuse "$app is being restored from its backup $started, and not all of it is there yet: $(advise "$started"); or take the app off this server with \`./ops/dallinger leave\`"
        require_archive "$started"
        return
    fi
    saved=$(saved_name)
    if [ -z "$1$saved" ] || [ -L "$folder/current" ] || has_tables; then return; fi
    if [ "$1" != "$saved" ]; then
        if [ -n "$saved" ] && [ -z "$1" ] && saved_no_tables; then return; fi
        refuse_other_data
    fi
    require_archive "$1"
    begin_restore "$1"
}

# plan_revival: the same for a release that comes back after a removal was broken off. What that has saved is all that the app had: the
# database has it still, or begins with it; Redis, which goes first, comes back from it.
plan_revival() {
    if [ -e "$restoring" ]; then
        # A database whose restore has failed is no change to Pulumi once the archive is taken out of the configuration again.
        [ -e "$folder/database-applied" ] ||
            refuse "$app is to begin with its backup $(cat "$restoring"), and its database is not restored: $(advise "$(cat "$restoring")"); to begin with nothing, \`./pulumi destroy\` first"
        return
    fi
    saved=$(saved_name)
    if [ -z "$saved" ]; then
        refuse_lost_redis
        return
    fi
    has_tables || { database_exists && saved_no_tables; } || refuse_other_data
    if redis_there; then return; fi
    require_archive "$saved"
    begin_restore "$saved"
}

begin_restore() {
    printf '%s\n' "$1" >"$restoring.new"
    sync "$restoring.new"
    mv "$restoring.new" "$restoring"
    sync "$folder"
}

# Name of the backup that a removal has made before anything else; empty when none was broken off.
saved_name() {
    basename "$(cat "$folder/backup" 2>/dev/null || true)"
}

# Of the backup $saved: nothing is lost where there was nothing.
saved_no_tables() {
    [ -e "$backups/$app/$saved/rows" ] && [ ! -s "$backups/$app/$saved/rows" ]
}

# A database that has been worked with had a Redis: it is never begun anew because it is not found.
refuse_lost_redis() {
    if redis_there || ! has_tables; then return; fi
    refuse "the database of $app has tables, and its Redis, $project-redis, with the ids of running studies and the jobs that wait, is gone: to have both as a backup holds them, \`./pulumi destroy\`, name that in dallinger:experiment.archive, then \`./pulumi up\`; to go on with an empty one, \`sudo docker volume create --label com.docker.compose.project=$project --label com.docker.compose.volume=redis $project-redis\` on the server, then \`./pulumi up\`"
}

advise() {
    printf '%s' "\`./pulumi config set --path 'dallinger:experiment.archive' $1\`, then \`./pulumi up\`"
}

has_tables() {
    database_exists || return 1
    tables=$(count_tables) || refuse "the database of $app does not answer: \`docker logs $postgres\` on the server says why"
    [ "$tables" != 0 ]
}

# A removal that was broken off has left its backup's name, and no database. Other files than those it has saved are nobody's.
refuse_other_data() {
    [ -z "$saved" ] ||
        refuse "a removal of $app was broken off after it had dropped the database: what that held is in the backup $saved. \`./pulumi destroy\` ends the removal; to have the app back with all of it: $(advise "$saved")"
    [ -z "$(ls -A "$files" 2>/dev/null)" ] ||
        refuse "$files holds files, and $app is to begin with those of a backup: move them away, then run \`./pulumi up\` again"
}

# restore_data: files, what is known of the launch, and the database. Redis follows with the release, which starts it.
restore_data() {
    archive=$backups/$app/$(cat "$restoring")
    restore_files
    restore_launch
    restore_database
}

# With the owners that they had: the image runs as the user that has saved them.
restore_files() {
    [ -e "$archive/files.tar" ] || return 0
    step "restoring the files"
    install -d -m 700 "$files"
    find "$files" -mindepth 1 -delete
    tar -C "$files" --numeric-owner -xpf "$archive/files.tar"
    # A container can make device nodes and not use them; on the server they would be the server's.
    find "$files" \( -type b -o -type c \) -delete
}

# With its answer an experiment is not launched again; with the mark alone, as little as where it was before.
restore_launch() {
    for record in launch-started launch.json; do
        [ ! -e "$archive/$record" ] || cp "$archive/$record" "$folder/$record"
    done
}

# In one transaction: the database has all the tables or none, wherever it is interrupted.
restore_database() {
    end_previous_restore
    admit_own
    tables=$(count_tables)
    if [ "$tables" = 0 ]; then
        step "restoring the database"
        last_words "$folder/log/restore.log" load_dump || {
            tail -n 4 "$folder/log/restore.log" | head -n 3 | masked >&2
            refuse "the database could not be restored from $archive, and is empty as before: the lines above say why; once that is put right, run \`./pulumi up\` again"
        }
    fi
    same_rows row_counts || same_rows earlier_row_counts ||
        refuse "the database, restored from $archive, has other numbers of rows than were saved: \`sudo diff $folder/log/rows-saved $folder/log/rows-restored\` on the server shows them. The app is not started; \`./ops/dallinger leave\` takes it off, and the backup stays"
}

# As the role that owns the database: what a dump holds runs with the rights of who restores it.
load_dump() {
    own_restore "$database" "$archive/database.dump" --single-transaction
}

# same_rows COUNTS: by the function that counts as the backup does.
same_rows() {
    "$1" "$database" >"$folder/log/rows-counted" || refuse "the rows of the restored database of $app cannot be counted: the lines above say why; run \`./pulumi up\` again"
    sort "$folder/log/rows-counted" >"$folder/log/rows-restored"
    sort "$archive/rows" >"$folder/log/rows-saved"
    cmp "$folder/log/rows-saved" "$folder/log/rows-restored" >/dev/null
}

# An interrupted one can go on in PostgreSQL's container. Nobody else has business in the database yet.
end_previous_restore() {
    printf "SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity WHERE datname = '%s';\n" "$database" |
        superuser postgres -At >/dev/null
}

# restore_redis: before Redis starts. With an append-only file it reads no dump, but the file may be one, in any version.
restore_redis() {
    dump=$backups/$app/$(cat "$restoring")/redis/dump.rdb
    [ -e "$dump" ] || return 0
    step "restoring Redis"
    compose up --no-start redis >"$folder/log/compose.log" 2>&1 || explain_failure "Redis could not be created"
    store=$(containers redis)
    size=$(stat -c %s "$dump")
    docker stop "$store" >/dev/null
    # shellcheck disable=SC2016 # the container's shell expands
    docker run --rm -i --pull never --network none --user 0:0 --entrypoint sh --volumes-from "$store" \
        "$(docker inspect --format '{{.Image}}' "$store")" -euc '
            cd /data
            rm -rf appendonlydir appendonly.aof dump.rdb
            cat >incoming
            [ "$(wc -c <incoming)" -eq "$1" ]
            chown "$(stat -c %u:%g .)" incoming
            mv incoming appendonly.aof
        ' sh "$size" <"$dump" >"$folder/log/restore.log" 2>&1 || {
        tail -n 3 "$folder/log/restore.log" | masked >&2
        refuse "Redis could not be restored from $dump: the lines above say why; once that is put right, run \`./pulumi up\` again"
    }
}

# end_restore: all is in place and on disk, and the app may run.
end_restore() {
    if [ -e "$restoring" ]; then
        sync
        rm "$restoring"
        sync "$folder"
        say "everything that the backup holds is there again"
    fi
    # From here on answers can come in that a backup made earlier does not hold.
    rm -f "$folder/backup"
}
