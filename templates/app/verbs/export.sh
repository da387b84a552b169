# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints what an operator exports of the app, while it works on: export [dump] [files] [logs]
# A stream as copies.sh describes it, from one snapshot of the database, and behind that the parts that were asked for. Only reads.
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/copies.sh
. "$bin/copies.sh"
# shellcheck source=templates/app/export.sh
. "$bin/export.sh"

verb_export() {
    owns_database || refuse "$app has no database on this server"
    [ ! -e "$restoring" ] || refuse "$app is being restored from its backup $(cat "$restoring"), and not all of it is there yet: run \`./pulumi up\` first"
    asked=" $* "
    tell record "$folder/current/record.json"
    for known in launch-started launch.json; do tell "$known" "$folder/$known"; done
    case $asked in *' dump '*) export_database yes ;; *) export_database no ;; esac
    case $asked in *' files '*) [ ! -d "$files" ] || tell_output files pack_as_found ;; esac
    case $asked in *' logs '*) tell_logs ;; esac
    echo ": end"
}

# A file that is written to meanwhile may be in it half old and half new: a backup of the running app (live.sh) takes the room on the
# server that it needs to look again. Only what cannot be read makes tar fail.
pack_as_found() {
    packed=0
    tar -C "$files" --numeric-owner --sparse -cf - . 2>/dev/null || packed=$?
    [ "$packed" -le 1 ]
}

# Without what is secret in them: they leave the server.
tell_logs() {
    for service in web worker clock pgbouncer redis; do tell_output "log $service" log_of "$service"; done
    for former in "$folder"/log/former/*.log.gz; do
        [ ! -e "$former" ] || tell_output "log former-$(basename "$former" .log.gz)" former_log "$former"
    done
}

log_of() {
    logging=$(containers "$1") || return 1
    # One may be of another release than the one that serves: it ends its job, or has only just come.
    for id in $logging; do docker logs --timestamps "$id" 2>&1 || return 1; done | masked_by "$(secret_lists)" 100000
}

former_log() {
    gzip -dc "$1" | masked_by "$(secret_lists)" 100000
}
