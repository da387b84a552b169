# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Saves the app while it works on: backup [scheduled | send]. Prints the backup's name when it is complete and verified; without it, nothing
# of it stays. A scheduled one is sent to the app's repository by a run of its own, `send`, which makes none. No run of another verb waits for it, but a removal, which makes a backup of its own, and other backups of this server.
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/copies.sh
. "$bin/copies.sh"
# shellcheck source=templates/app/live.sh
. "$bin/live.sh"
# shellcheck source=templates/app/backup-room.sh
. "$bin/backup-room.sh"
# shellcheck source=templates/app/backup.sh
. "$bin/backup.sh"
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/retention.sh
. "$bin/retention.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"

verb_backup() {
    kind=${1:-manual}
    case $kind in manual | scheduled | send) ;; *) refuse "backup [scheduled | send]" ;; esac
    require_layout
    if [ "$kind" = send ]; then
        send_away
        return
    fi
    # Nothing has come to be that could be saved.
    if [ "$kind" = scheduled ] && [ ! -e "$folder/database-made" ]; then return; fi
    holding=no
    begin_backup
    require_saveable
    if [ "$kind" = manual ]; then lock_backups 3600 "an hour"; else lock_backups 21600 "six hours"; fi
    holding=yes
    # The app may have been removed meanwhile.
    require_saveable
    clear_backup
    save_live
    # The others of this server need not wait for what follows, and what is not complete from here on is theirs.
    holding=no
    exec 6<&-
    if [ "$kind" = scheduled ]; then
        retain "$finished"
        send_in_background
    else
        send_away
    fi
    printf '%s\n' "$app/$(basename "$finished")"
}

# For whom it begins, what is said is kept for who asks later: nobody reads the lines of a scheduled one as they come.
begin_backup() {
    trap 'end_backup $?' EXIT
    trap 'exit 143' HUP INT TERM
    install -d -m 700 "$folder/log"
    : >"$folder/log/backup-said"
    [ "$kind" = scheduled ] || return 0
    name_run
    printf '%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$run" >"$folder/backup-began"
    # A server that has just started has a little patience with its PostgreSQL.
    for _ in $(seq 60); do
        if superuser postgres </dev/null >/dev/null 2>&1; then break; fi
        sleep 5
    done
}

say() {
    printf '%s\n' "$*" >&2 || :
    { printf '%s\n' "$*" >>"$folder/log/backup-said"; } 2>/dev/null || : # the app has been removed meanwhile
}

# A backup of nothing, or of what is only half there, would pass for one of the app.
require_saveable() {
    [ -e "$folder/owner" ] || refuse "$app has been removed from this server"
    [ ! -e "$restoring" ] || refuse "$app is being restored from its backup $(cat "$restoring"), and has nothing that this does not have: \`./pulumi up\` goes on with it"
    [ ! -s "$folder/backup" ] || refuse "a removal of $app has saved it, and was broken off after that: \`./pulumi destroy\` ends it, \`./pulumi up\` brings the app back"
    owns_database || refuse "$app has no database on this server: there is nothing to save"
}

# In a condition, `set -e` is off inside the functions: each says by its status that it worked.
save_live() {
    require_backup_room
    # A release that comes meanwhile does not count.
    [ ! -e "$folder/current" ] || use_release "$(readlink -f "$folder/current")"
    say "saving Redis, the database, files and logs, while $app works on"
    if make_folders && save_live_redis && dump_database && save_live_files && verify_database && save_live_logs && save_records "$kind" &&
        seal && shelve; then
        say "the backup is complete: $finished"
        return
    fi
    say_full_disk
    give_up "the backup of $app could not be made and verified, $unsaved: the lines above say why"
}

# end_backup STATUS: however it ends, nothing that is not whole stays.
end_backup() {
    if [ "$holding" = yes ] && [ -e "$staging" ]; then clear_backup; fi
    if [ "$kind" = scheduled ] && [ "$1" != 0 ]; then note_failure; fi
    [ ! -e "$folder/backup-began" ] || [ "$kind" != scheduled ] || rm "$folder/backup-began"
    # Any that is made since is as good.
    [ "$1" != 0 ] || rm -f "$folder/backup-failed"
}

# The time and the reason, in a line each.
note_failure() {
    [ -e "$folder/owner" ] || return 0
    {
        sed -n 1p "$folder/backup-began"
        tail -n 2 "$folder/log/backup-said" | paste -s -d ';' | sed 's/;/; /'
    } >"$folder/.backup-failed"
    mv "$folder/.backup-failed" "$folder/backup-failed"
}
