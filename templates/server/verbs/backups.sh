# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Which backups are on this server, of all apps: a line `backup APP/NAME` for each that is complete and after it a line `KEY VALUE` for
# what is known of it; then what has become of scheduled ones that were not made, `failed APP TIME` and the reason in a line. Only reads.
# shellcheck source=templates/shared/failure.sh
. "$bin/failure.sh"

verb_backups() {
    require_layout
    for sums in "$backups"/*/*/SHA256SUMS; do
        [ -e "$sums" ] || continue
        place=$(dirname "$sums")
        echo "backup $(basename "$(dirname "$place")")/$(basename "$place")"
        # An earlier version has made none but those of removals.
        echo "kind $(cat "$place/kind" 2>/dev/null || echo final)"
        echo "bytes $(du -sb "$place" | cut -f 1)"
        [ ! -e "$place/fetched" ] || echo "fetched yes"
        ! is_off_server "$place" || echo "off-server yes"
    done
    for folder in "$root"/apps/*/; do
        failed_backup "${folder%/}" | while read -r time && read -r reason; do
            echo "failed $(basename "$folder") $time"
            echo "reason $reason"
        done
    done
}
