# shellcheck shell=sh disable=SC2154,SC2034 # variables of the scripts that source this, and of this for them
# Sourced, after app.sh and repository.sh: by what systemd saves the app while it works.
units=/etc/systemd/system
unit_name=$project-backup

# remove_schedule: also what one has left that was interrupted. A backup that is being made by it ends; nothing of it stays.
remove_schedule() {
    if [ -e "$folder/schedule" ] || [ -e "$units/$unit_name.timer" ] || [ -e "$units/$unit_name.service" ]; then
        say "ending the schedule of backups"
        rm -f "$folder/schedule-applied"
        take_units_away || refuse "systemd does not end the schedule of backups on this server: \`systemctl status $unit_name.timer\` there says why"
    fi
    rm -rf "$folder/schedule" "$repository" "$folder/repository-sending" "$folder/repository-cache"
    rm -f "$folder/schedule-applied" "$folder/backup-keep" "$folder/backup-sent-now" "$folder/backup-failed" "$folder/backup-began" "$folder/repository-failed" "$folder/repository-excess"
}

# rest_schedule: while the app is drained and saved for its removal. A backup that is being made by it would be in the way.
rest_schedule() {
    [ -e "$units/$unit_name.timer" ] || return 0
    stop_sending
    systemctl stop "$unit_name.timer" "$unit_name.service" || refuse "systemd does not stop the schedule of backups on this server: \`systemctl status $unit_name.timer\` there says why"
}

# wake_schedule: of an app that is resumed, or comes back after a removal that was broken off.
wake_schedule() {
    [ ! -e "$units/$unit_name.timer" ] || systemctl start "$unit_name.timer" || say "systemd does not start $unit_name.timer again: \`systemctl status $unit_name.timer\` on the server says why"
}

# send_in_background: a day-long way to the repository must not keep the next scheduled backup from being made. One that is on its way
# takes this one along.
send_in_background() {
    [ -e "$repository" ] || return 0
    systemctl is-active --quiet "$unit_name-send.service" ||
        systemd-run --quiet --collect --no-block --unit "$unit_name-send" --property Nice=10 --property IOSchedulingClass=idle --property KillSignal=SIGINT \
            "$folder/bin/app" backup send || say "systemd does not send the backup to the repository: the next one does"
}

stop_sending() {
    systemctl stop "$unit_name-send.service" 2>/dev/null || : # it is not there, or ends by itself
}

take_units_away() {
    if [ ! -e "$units/$unit_name.timer" ] && [ ! -e "$units/$unit_name.service" ]; then return 0; fi
    if [ -e "$units/$unit_name.timer" ]; then systemctl --quiet disable --now "$unit_name.timer" || return 1; fi
    if [ -e "$units/$unit_name.service" ]; then systemctl stop "$unit_name.service" || return 1; fi
    stop_sending
    rm -f "$units/$unit_name.timer" "$units/$unit_name.service" "/var/lib/systemd/timers/stamp-$unit_name.timer"
    systemctl daemon-reload
    systemctl reset-failed "$unit_name.service" 2>/dev/null || : # it has not failed
}

# put_units FOLDER: those of FOLDER are what systemd has, and count from now on.
put_units() {
    for unit in "$1"/*.*; do
        install -m 644 "$unit" "$units/.$(basename "$unit")" && mv "$units/.$(basename "$unit")" "$units/$(basename "$unit")" || return 1
    done
    systemctl daemon-reload && systemctl --quiet enable "$unit_name.timer" && systemctl restart "$unit_name.timer"
}
