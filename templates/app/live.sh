# shellcheck shell=sh disable=SC2154,SC2034 # variables of the scripts that source this, and of this for them
# Sourced, after app.sh and tables.sh: a backup of an app that works on. Nothing of the app is stopped, started or changed for it.
#
# Redis comes first, then the database, as one snapshot, then the files. A job that a worker ends in the seconds between Redis and the
# database is in both, and is done a second time after a restore: none is lost. What a row says of a file was there before that row.

unsaved="and the app works on as before"
give_up() {
    refuse "$1"
}

# Others may be at work in the database of an app that works: an export, or somebody with psql.
own_name=dallinger-backup
end_sessions() {
    end_own_sessions "$database"
}

# save_live_redis: what it holds at one moment. Writing that down does not keep it from answering.
save_live_redis() {
    redis=$(containers redis) || return 1
    redis=$(printf '%s\n' "$redis" | head -n 1)
    [ -n "$redis" ] || return 0
    if [ "$(redis_says PING)" != PONG ]; then
        say "Redis of $app does not answer: \`sudo docker logs $redis\` on the server says why"
        return 1
    fi
    # By its own rules Redis writes anew meanwhile: a copy of another one is made again.
    for _ in 1 2 3; do
        if write_down && copy_written; then return 0; fi
    done
    say "Redis could not be saved"
    return 1
}

# redis_says COMMAND [WORD…]: what Redis answers.
redis_says() {
    container_exec "$redis" redis-cli "$@" </dev/null 2>/dev/null | tr -d '\r'
}

# The time that Redis has last written at tells two apart that are a second apart.
write_down() {
    before=$(redis_says LASTSAVE)
    is_number "$before" || return 1
    sleep 1
    # It may be at another one, which began before.
    await_written && redis_says BGSAVE | grep -q '^Background saving ' && await_written || return 1
    [ "$(redis_says INFO persistence | sed -n 's/^rdb_last_bgsave_status://p')" = ok ] && [ "$(redis_says LASTSAVE)" -gt "$before" ]
}

# Up to half an hour.
await_written() {
    for _ in $(seq 1800); do
        case $(redis_says INFO persistence | sed -n 's/^rdb_bgsave_in_progress://p;s/^aof_rewrite_in_progress://p' | tr -d '\n') in
        00) return 0 ;;
        *[01]*) sleep 1 ;;
        *) return 1 ;;
        esac
    done
    return 1
}

copy_written() {
    install -d -m 700 "$staging/redis" && docker cp -q "$redis:/data/dump.rdb" "$staging/redis/" &&
        [ -f "$staging/redis/dump.rdb" ] && [ ! -L "$staging/redis/dump.rdb" ] &&
        [ "$(container_exec "$redis" sha256sum /data/dump.rdb </dev/null | cut -d' ' -f1)" = "$(sha256sum "$staging/redis/dump.rdb" | cut -d' ' -f1)" ]
}

save_live_files() {
    [ -d "$files" ] || return 0
    if last_words "$folder/log/backup.log" pack_live_files; then return 0; fi
    fail_backup "the files in $files could not be saved"
}

# Files that are written to while they are packed are packed again, until there is none that was touched from two seconds before that
# on. One that is always being written to is there as it was found at the fifth time, and its name in `changing`. Of two of the same
# name in an archive, the last one counts.
pack_live_files() {
    touched=$(($(date +%s) - 2))
    pack_files_since 0 "$staging/files.tar" || return 1
    for pause in 3 5 10 20; do
        find "$files" -ignore_readdir_race ! -type d -newerct "@$touched" >"$staging/touched" || return 1
        [ -s "$staging/touched" ] || break
        sleep "$pause"
        since=$touched
        touched=$(($(date +%s) - 2))
        pack_files_since "$since" "$staging/again.tar" && tar -Af "$staging/files.tar" "$staging/again.tar" && rm "$staging/again.tar" || return 1
    done
    find "$files" -ignore_readdir_race ! -type d -newerct "@$touched" -printf '%P\n' >"$staging/touched" || return 1
    [ ! -s "$staging/touched" ] || mv "$staging/touched" "$staging/changing"
    rm -f "$staging/touched"
    tar -tf "$staging/files.tar" >/dev/null
}

# pack_files_since TIME ARCHIVE: those whose data or status is not older. tar goes down into folders by itself: on a way that is told by
# name, the app could lead it out of its own. What lies on the disk afterwards is what tar has read.
pack_files_since() {
    {
        # 1 says that a file has changed, or gone, while it was read.
        { tar -C "$files" --numeric-owner --sparse --newer="@$1" -cf - . 3>&- || [ $? = 1 ] || echo failed >&3; } |
            head -c "$room_for_files" | tee "$2" | sha256sum >"$2.sum"
    } 3>"$2.failed" || return 1
    if [ "$(stat -c %s "$2")" -ge "$room_for_files" ]; then
        echo "the files are larger than expected, and would fill the disk"
        return 1
    fi
    [ ! -s "$2.failed" ] && [ "$(sha256sum <"$2")" = "$(cat "$2.sum")" ] && rm "$2.failed" "$2.sum"
}

# save_live_logs: again where a release has taken containers away meanwhile.
save_live_logs() {
    for _ in 1 2 3; do
        if save_logs 2>/dev/null; then return 0; fi
    done
    save_logs
}
