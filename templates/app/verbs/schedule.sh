# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Has systemd save the app at the times in the payload (calendar, keep, units/…), and keep so many of those backups. Touches nothing of
# the release. Where it fails, what was there before is there again.
# shellcheck source=templates/app/calendar.sh
. "$bin/calendar.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"

verb_schedule() {
    if applied "$1" "$folder/schedule-applied"; then return; fi
    require_calendar "$(cat "$1/calendar")"
    say "scheduling backups: $(cat "$1/calendar")"
    rm -f "$folder/schedule-applied"
    if put_units "$1/units"; then
        keep_schedule "$1"
        note_applied "$1" "$folder/schedule-applied"
        return
    fi
    if [ -e "$folder/schedule" ]; then put_units "$folder/schedule" || :; else take_units_away || :; fi
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
