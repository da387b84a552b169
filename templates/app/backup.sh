# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, tables.sh and drain.sh: a backup that has been read back before anything is dropped.

# backup: of a drained app. Writes its path to $folder/backup when it is complete and verified; resumes the app otherwise.
backup() {
    if [ -s "$folder/backup" ] && [ -d "$(cat "$folder/backup")" ]; then return; fi
    shelf=$backups/$app
    staging=$shelf/.incomplete
    rm -rf "$staging"
    install -d -m 700 "$shelf" "$staging" "$staging/tables" "$staging/logs"
    say "saving the database, files, Redis and logs"
    # In a condition, `set -e` is off inside the functions: each says by its status that it worked.
    if dump_database && verify_database && save_files && save_redis && save_logs && seal; then
        finished=$shelf/$(date -u +%Y%m%dT%H%M%SZ)
        [ ! -e "$finished" ] || finished=$finished-$$
        mv "$staging" "$finished"
        sync "$shelf"
        # On disk before anything is dropped: without it the app would begin with nothing.
        printf '%s\n' "$finished" >"$folder/.backup"
        sync "$folder/.backup"
        mv "$folder/.backup" "$folder/backup"
        sync "$folder"
        say "the backup is complete: $finished"
    else
        rm -rf "$staging"
        drop_scratch
        resume "the backup of $app could not be made and verified, so nothing is dropped"
    fi
}

# One session, one snapshot: the dump, each table as CSV, and the number of rows in each.
dump_database() {
    inside=/tmp/dlgr-backup-$app
    container_exec -u postgres "$postgres" rm -rf "$inside" </dev/null &&
        container_exec -u postgres "$postgres" mkdir -m 700 "$inside" "$inside/tables" </dev/null &&
        snapshot_script | superuser "$database" >"$folder/log/backup.log" 2>&1 &&
        docker cp -q "$postgres:$inside/." "$staging" &&
        [ -s "$staging/database.dump" ] && [ -s "$staging/snapshot" ]
    copied=$?
    container_exec -u postgres "$postgres" rm -rf "$inside" </dev/null
    chown -R root:root "$staging"
    [ "$copied" = 0 ] || { tail -n 3 "$folder/log/backup.log" | masked >&2 && say "the database could not be dumped" && return 1; }
}

snapshot_script() {
    printf '%s\n' 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;' 'SET synchronize_seqscans = off;' \
        "SELECT pg_export_snapshot() AS snapshot \\gset" '\setenv SNAPSHOT :snapshot' \
        "\\! pg_dump --format=custom --snapshot=\"\$SNAPSHOT\" --file=$inside/database.dump $database"
    copy_script "$inside/tables"
    printf '%s\n' "\\o $inside/snapshot" 'SELECT pg_current_snapshot();' 'COMMIT;'
}

# copy_script FOLDER: psql statements that write each table as CSV in the order it is stored, which a restored dump has too.
copy_script() {
    superuser "$database" -At -v folder="$1" <<'SQL'
SELECT format('COPY (SELECT * FROM %I.%I) TO %L WITH (FORMAT csv, HEADER);', schemaname, tablename, :'folder' || '/' || CASE schemaname WHEN 'public' THEN '' ELSE schemaname || '.' END || tablename || '.csv')
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;
SQL
}

# The dump as it lies on disk is restored into a scratch database, and every table of that written as CSV again: equal bytes are
# equal rows.
verify_database() {
    say "restoring the backup into a scratch database"
    scratch=check_$app
    inside=/tmp/dlgr-check-$app
    drop_scratch
    container_exec -u postgres "$postgres" mkdir -m 700 "$inside" </dev/null &&
        printf 'CREATE DATABASE "%s";\n' "$scratch" | superuser postgres &&
        docker exec -i -u postgres "$postgres" pg_restore --exit-on-error --no-owner --no-privileges -d "$scratch" \
            <"$staging/database.dump" >"$folder/log/backup.log" 2>&1 &&
        { printf 'SET synchronize_seqscans = off;\n' && copy_script "$inside"; } | superuser "$scratch" >>"$folder/log/backup.log" 2>&1 &&
        same_tables
    verified=$?
    drop_scratch
    [ "$verified" = 0 ] || { tail -n 3 "$folder/log/backup.log" | masked >&2 && say "the dump, restored, is not what the database holds" && return 1; }
}

# Counted in rows as a person counts them, too: the manifest says how many each table has.
same_tables() {
    container_exec -u postgres "$postgres" sh -c "cd $inside && { sha256sum -- *.csv 2>/dev/null || :; }" </dev/null | sort -k 2 >"$staging/.restored"
    (cd "$staging/tables" && { sha256sum -- *.csv 2>/dev/null || :; }) | sort -k 2 >"$staging/.saved"
    cmp "$staging/.restored" "$staging/.saved" >>"$folder/log/backup.log" 2>&1 && row_counts "$scratch" >"$staging/rows" && rm "$staging/.restored" "$staging/.saved"
}

drop_scratch() {
    container_exec -u postgres "$postgres" rm -rf "/tmp/dlgr-check-$app" </dev/null
    printf 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\n' "check_$app" | superuser postgres >/dev/null 2>&1
}

save_files() {
    [ -d "$files" ] || return 0
    if tar -C "$files" --numeric-owner -cf "$staging/files.tar" . && tar -C "$files" --compare -f "$staging/files.tar" >/dev/null; then return 0; fi
    say "the files in $files could not be saved"
    return 1
}

# Redis holds the ids of running studies and the jobs nobody has worked on.
save_redis() {
    redis=$(containers redis | head -n 1)
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
        for id in $(containers "$service"); do docker logs --timestamps "$id" 2>&1; done >"$staging/logs/$service.log" || return 1
    done
    # What containers of former releases have logged.
    [ ! -e "$folder/log/former" ] || cp -r "$folder/log/former" "$staging/logs/" || return 1
    for record in owner launch-started launch.json looked-up; do
        [ ! -e "$folder/$record" ] || cp "$folder/$record" "$staging/" || return 1
    done
    [ ! -e "$release" ] || { cp "$release/record.json" "$staging/release.json" && cp "$release/compose.yaml" "$staging/"; } || return 1
}

seal() {
    (cd "$staging" && find . -type f -print0 | sort -z | xargs -0 sha256sum >"$folder/sums") && mv "$folder/sums" "$staging/SHA256SUMS" &&
        chmod -R go= "$staging" && find "$staging" -exec sync {} +
}
