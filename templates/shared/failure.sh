# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: what has become of a scheduled backup that was not made. Nobody reads its lines as they come.

# failed_backup FOLDER: of the app in FOLDER, for each that has failed, the time and the reason, in a line each; nothing where there is
# none since the last one that was made.
failed_backup() {
    if [ -e "$1/backup-began" ] && ! runs "$(sed -n 2p "$1/backup-began")"; then
        sed -n 1p "$1/backup-began"
        echo "a scheduled backup was broken off, as the server's end or that of its process does"
    elif [ -e "$1/backup-failed" ]; then
        sed -n '1p;2s/^/a scheduled backup was not made: /p' "$1/backup-failed"
    fi
    [ ! -e "$1/repository-failed" ] || sed -n 1,2p "$1/repository-failed"
}
