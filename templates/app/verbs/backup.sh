# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Saves the app while it works on: backup [scheduled]. Prints the backup's name when it is complete and verified; without it, nothing
# of it stays. No run of another verb waits for it, but a removal, which makes a backup of its own, and other backups of this server.
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

verb_backup() {
    kind=${1:-manual}
    case $kind in manual | scheduled) ;; *) refuse "backup [scheduled]" ;; esac
    require_layout
    require_saveable
    if [ "$kind" = manual ]; then lock_backups 3600 "an hour"; else lock_backups 21600 "six hours"; fi
    # The app may have been removed meanwhile.
    require_saveable
    trap end_backup EXIT
    trap 'exit 143' HUP INT TERM
    clear_backup
    save_live
    printf '%s\n' "$app/$(basename "$finished")"
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

# However it ends: nothing that is not whole stays.
end_backup() {
    [ ! -e "$staging" ] || clear_backup
}
