# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: what has become of a scheduled backup that was not made. Nobody reads its lines as they come.

# failed_backup FOLDER: of the app in FOLDER, the time and the reason, in a line each; nothing where there is none since the last one
# that was made.
failed_backup() {
    if [ -e "$1/backup-began" ] && ! runs "$(sed -n 2p "$1/backup-began")"; then
        sed -n 1p "$1/backup-began"
        echo "it was broken off, as the server's end or that of its process does"
    elif [ -e "$1/backup-failed" ]; then
        head -n 2 "$1/backup-failed"
    fi
}
