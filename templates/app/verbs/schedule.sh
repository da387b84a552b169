# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Has the app saved as the payload says it: at times, by systemd (calendar, keep, units/…), and in a repository (repository/…), either or
# both. Touches nothing of the release. Where it fails, what was there before is there again.
# shellcheck source=templates/shared/packages.sh
. "$bin/packages.sh"
# shellcheck source=templates/app/calendar.sh
. "$bin/calendar.sh"
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"
# shellcheck source=templates/app/restic.sh
. "$bin/restic.sh"

verb_schedule() {
    if applied "$1" "$folder/schedule-applied"; then return; fi
    [ ! -e "$1/calendar" ] || require_calendar "$(cat "$1/calendar")"
    if [ -e "$1/repository" ]; then
        require_restic
        # One that is out of reach for a while must not keep anything else of the app from being put right.
        diff -r "$1/repository" "$repository" >/dev/null 2>&1 || open_repository "$1/repository"
    fi
    rm -f "$folder/schedule-applied"
    bring_units "$1"
    rm -rf "$folder/repository-former"
    [ ! -e "$repository" ] || mv "$repository" "$folder/repository-former"
    [ ! -e "$1/repository" ] || mv "$1/repository" "$repository"
    rm -rf "$folder/repository-former"
    [ -e "$repository" ] || rm -rf "$folder/repository-failed" "$folder/repository-excess" "$folder/repository-cache"
    note_applied "$1" "$folder/schedule-applied"
}

# bring_units PAYLOAD
bring_units() {
    if [ ! -e "$1/units" ]; then
        take_units_away || refuse_units
        rm -rf "$folder/schedule"
        rm -f "$folder/backup-keep"
        return
    fi
    say "scheduling backups: $(cat "$1/calendar")"
    if put_units "$1/units"; then
        keep_schedule "$1"
        return
    fi
    if [ -e "$folder/schedule" ]; then put_units "$folder/schedule" || :; else take_units_away || :; fi
    refuse_units
}

refuse_units() {
    refuse "systemd does not take the schedule of backups on this server, and what was there before is there again: \`journalctl -u $unit_name.timer\` there says why; then run \`./pulumi up\` again"
}

# What is to be put back another time.
keep_schedule() {
    rm -rf "$folder/schedule.new"
    cp -r "$1/units" "$folder/schedule.new"
    rm -rf "$folder/schedule"
    mv "$folder/schedule.new" "$folder/schedule"
    cp "$1/keep" "$folder/.backup-keep"
    mv "$folder/.backup-keep" "$folder/backup-keep"
}
