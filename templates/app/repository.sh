# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: where the app's backups are kept beside this server, by restic, encrypted. A folder has a value a file, as
# components/targets/server/repositoryFiles.ts writes them: url, password, and what opens the place.
#
# An app's snapshots have its name as their host, and tags with its owner, kind and time: nobody asks for those of another owner.
# What is used of restic, 0.12 has.
repository=$folder/repository

# restic_at FOLDER ARGUMENT…: secrets are in files, and in the environment of restic alone.
restic_at() {
    at=$1
    shift
    [ ! -e "$at/ca.pem" ] || set -- --cacert "$at/ca.pem" "$@"
    [ ! -e "$at/login" ] || set -- -o "sftp.command=$(sftp_command)" "$@"
    (
        # It must not hold the locks of this run after its end.
        exec 4<&- 5>&- 6<&- 7<&- 8<&- 9>&-
        if [ -e "$at/access-key-id" ]; then
            AWS_ACCESS_KEY_ID=$(cat "$at/access-key-id")
            AWS_SECRET_ACCESS_KEY=$(cat "$at/secret-access-key")
            export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
        fi
        RESTIC_REPOSITORY=$(cat "$at/url")
        TZ=UTC HOME=/root RESTIC_PASSWORD_FILE=$at/password
        export RESTIC_REPOSITORY TZ HOME RESTIC_PASSWORD_FILE
        exec timeout "$restic_seconds" restic --quiet --cache-dir "$folder/repository-cache" "$@" </dev/null
    )
}
restic_seconds=600

# Of this server's own keys and settings none count.
sftp_command() {
    printf 'ssh -F none -i %s -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=%s -o GlobalKnownHostsFile=none -o HostKeyAlias=repository -o CheckHostIP=no -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=20 -p %s %s -s sftp' \
        "$at/private-key" "$at/known_hosts" "$(cat "$at/port")" "$(cat "$at/login")"
}

# restic_words: the last words of one that has failed; of what it was given to open the repository it says nothing.
restic_words() {
    tail -n 3 "$folder/log/restic.log" | tr -cd '[:print:]\n' | cut -c 1-300 >&2
}

# open_repository FOLDER: makes it where there is none, and refuses it where it does not open.
open_repository() {
    install -d -m 700 "$folder/log"
    if restic_at "$1" cat config >"$folder/log/restic.log" 2>&1; then return; fi
    say "making the repository $(cat "$1/url")"
    if restic_at "$1" init >"$folder/log/restic.log" 2>&1 && restic_at "$1" cat config >"$folder/log/restic.log" 2>&1; then return; fi
    restic_at "$1" cat config >"$folder/log/restic.log" 2>&1 || restic_words
    refuse "the repository $(cat "$1/url") (dallinger:experiment.backup.repository) does not open from this server, for the reason above, and can be made by it neither; nothing has been changed"
}

# The tags by which one is found.
owner_tag() {
    printf 'dallinger-owner=%s' "$(cat "$folder/owner")"
}

# send_away: every complete backup of this app and owner that the repository does not have. The one that has just been made counts
# whatever becomes of this: what has failed is noted for who asks later, and tried with the next.
send_away() {
    [ -e "$repository" ] || return 0
    # Another backup of the app may be on its way there.
    exec 4<"$repository"
    if flock -w 3600 4 && send_all; then
        rm -f "$folder/repository-failed"
        return
    fi
    restic_words
    say "the repository $(cat "$repository/url") does not have the backup, which is on this server: the lines above say why"
    printf '%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "its repository does not have it: $(tail -n 1 "$folder/log/restic.log" | tr -cd '[:print:]\n' | cut -c 1-300)" >"$folder/.repository-failed"
    mv "$folder/.repository-failed" "$folder/repository-failed"
}

send_all() {
    for place in "$shelf"/*/; do
        place=${place%/}
        if [ ! -e "$place/SHA256SUMS" ] || [ -e "$place/off-server" ] || ! cmp -s "$place/owner" "$folder/owner"; then continue; fi
        say "sending $(basename "$place") to the repository"
        send_one "$place" && touch "$place/off-server" || return 1
    done
    forget_surplus
}

# send_one FOLDER: at the time that its name says. One that is already there costs little.
send_one() {
    name=$(basename "$1")
    at_time=$(printf '%s' "$name" | sed 's/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z.*/\1-\2-\3 \4:\5:\6/')
    restic_seconds=86400
    restic_patiently backup --host "$app" --time "$at_time" --tag "$(owner_tag)" --tag "dallinger-kind=$(cat "$1/kind" 2>/dev/null || echo final)" --tag "dallinger-backup=$name" "$1"
}

# What stays there of scheduled ones is what stays here.
forget_surplus() {
    [ -e "$folder/backup-keep" ] || return 0
    rules=$(sed -n '/ 0$/d;s/^\([a-z]*\) \([0-9]*\)$/--keep-\1 \2/p' "$folder/backup-keep" | tr '\n' ' ')
    # shellcheck disable=SC2086 # options and numbers
    restic_patiently forget --host "$app" --tag "$(owner_tag),dallinger-kind=scheduled" --group-by host $rules --prune
}

# restic_patiently ARGUMENT…: another app may be at work in the repository, or a run that has died.
restic_patiently() {
    for pause in 30 60 120 240 0; do
        if restic_at "$repository" "$@" >"$folder/log/restic.log" 2>&1; then return 0; fi
        if [ "$pause" = 0 ] || ! grep -q 'already locked' "$folder/log/restic.log"; then return 1; fi
        sleep "$pause"
        restic_at "$repository" unlock >/dev/null 2>&1 || :
    done
}

# fetch_archive NAME: a backup that this server does not have, out of the repository. It has its name when all sums are right.
fetch_archive() {
    shelf=$backups/$app
    incoming=$shelf/.fetching
    say "fetching the backup $1 from the repository"
    install -d -m 700 "$shelf" "$folder/log"
    rm -rf "$incoming"
    require_fetching_room "$1"
    restic_seconds=86400
    restic_at "$repository" restore latest --host "$app" --tag "$(owner_tag),dallinger-backup=$1" --target "$incoming" >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "could not be fetched from the repository"
    fetched=$incoming$backups/$app/$1
    (cd "$fetched" && sha256sum --quiet --strict --check SHA256SUMS) >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "has not come from the repository as its checksums say"
    touch "$fetched/off-server"
    chmod -R go= "$fetched"
    find "$fetched" -exec sync {} +
    mv "$fetched" "$shelf/$1"
    sync "$shelf"
    rm -rf "$incoming"
}

refuse_fetched() {
    rm -rf "$incoming"
    rmdir "$shelf" 2>/dev/null || : # kept while it holds a backup
    restic_words
    refuse "the backup $app/$wanted $1 $(cat "$repository/url"): the lines above say why. \`./ops/dallinger backups list --repository\` shows what is there; then run \`./pulumi up\` again"
}

# A database restored takes about as much room again, and a full disk stops the databases of every app.
require_fetching_room() {
    wanted=$1
    restic_at "$repository" stats latest --host "$app" --tag "$(owner_tag),dallinger-backup=$1" --mode restore-size --json >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "is not to be found in the repository"
    bytes=$(sed -n 's/.*"total_size":\([0-9]*\).*/\1/p' "$folder/log/restic.log")
    is_number "$bytes" || refuse_fetched "is not in the repository"
    free=$(free_bytes "$backups")
    is_number "$free" || refuse "it cannot be read on the server how much is free in $backups: \`df $backups\` there says why"
    [ "$free" -ge $((2 * bytes)) ] ||
        refuse "the backup $app/$1 of $((bytes / 1048576)) MiB needs twice as much room on the server, where $((free / 1048576)) MiB are free: remove what is not needed (\`sudo docker image prune -a\`), then run \`./pulumi up\` again"
}
