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
        # At an INT it takes its locks away, at a TERM it leaves them.
        exec timeout --signal=INT --kill-after=60 "$restic_seconds" sh "$bin/host-name.sh" "dlgr-$(cat "$server/id")" \
            restic --quiet --cache-dir "$folder/repository-cache" "$@" </dev/null
    )
}
restic_seconds=600

# Of this server's own keys and settings none count.
sftp_command() {
    printf 'ssh -F none -i %s -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=%s -o GlobalKnownHostsFile=none -o HostKeyAlias=repository -o CheckHostIP=no -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=20 -p %s %s -s sftp' \
        "$at/private-key" "$at/known_hosts" "$(cat "$at/port")" "$(cat "$at/login")"
}

# restic_said: why it has failed; of what it was given to open the repository it says nothing. That it was told to stop is no reason.
restic_said() {
    tr -cd '[:print:]\n' <"$folder/log/restic.log" | sed 's/^.* retrying after [^:]*: //' |
        grep -vE 'context canceled|^Is there a repository|^(s3|sftp):|signal interrupt received|^$' | uniq | tail -n 3 | cut -c 1-300
}

restic_words() {
    restic_said >&2
}

# opens FOLDER: whether the repository does. restic tries again for long, whatever the reason, and no lock there counts. Afterwards
# $repository_id is what tells it from one that is made in its place.
opens() {
    restic_seconds=30
    opened=yes
    restic_at "$1" --no-lock cat config >"$folder/log/restic.log" 2>&1 || opened=no
    restic_seconds=600
    repository_id=$(sed -n 's/^ *"id": *"\([0-9a-f]*\)".*/\1/p' "$folder/log/restic.log")
    [ "$opened" = yes ]
}

# mark_of FOLDER: what a backup's `off-server` says when the repository, which has been opened, has it: where that is, and its id.
mark_of() {
    printf '%s\n' "$(cat "$1/url")" "$repository_id"
}

# open_repository FOLDER: makes it where there is none, and refuses it where it does not open.
open_repository() {
    install -d -m 700 "$folder/log"
    if opens "$1"; then return; fi
    if grep -qiE 'does not exist|no such|NoSuch' "$folder/log/restic.log"; then
        # Two that are made at once are one that nobody can open.
        exec 5>"$server/repository.lock"
        await_lock 5 -x "another app has a repository made"
        make_repository "$1"
        exec 5>&-
        if [ "$made" = yes ]; then return; fi
    fi
    restic_words
    refuse "the repository $(cat "$1/url") (dallinger:experiment.backup.repository) does not open from this server, for the reason above, and can be made by it neither; nothing has been changed"
}

# make_repository FOLDER: unless another app has made it meanwhile. Afterwards $made says whether it is there.
make_repository() {
    made=yes
    if opens "$1"; then return; fi
    say "making the repository $(cat "$1/url")"
    initialised=yes
    restic_at "$1" init >"$folder/log/restic-init.log" 2>&1 || initialised=no
    # Another server may be making it at this moment.
    sleep 2
    if ! opens "$1"; then
        made=no
        [ "$initialised" = yes ] || mv "$folder/log/restic-init.log" "$folder/log/restic.log"
    elif [ "$initialised" = yes ]; then
        require_one_key "$1"
    fi
}

# require_one_key FOLDER: as a repository has it that one has made.
require_one_key() {
    keys=$(restic_at "$1" --no-lock list keys 2>"$folder/log/restic.log") || keys=
    [ "$(printf '%s' "$keys" | grep -c .)" = 1 ] || {
        restic_words
        refuse "the repository $(cat "$1/url") (dallinger:experiment.backup.repository) may have been made by two servers at once, and one of them could not read it: remove what is there, and have one app make it first"
    }
}

# The tags by which one is found.
owner_tag() {
    printf 'dallinger-owner=%s' "$(cat "$folder/owner")"
}

# send_away: every complete backup of this app and owner that the repository does not have. The one that has just been made counts
# whatever becomes of this: what has failed is noted for who asks later, and tried with the next.
send_away() {
    [ -e "$repository" ] || return 0
    only_surplus=no
    # Another backup of the app may be on its way there.
    exec 4<"$folder/log"
    if flock -w 3600 4; then
        sending=$folder/repository-sending
        if begin_sending && send_all; then
            rm -rf "$sending" "$folder/repository-failed"
            exec 4<&-
            return
        fi
        rm -rf "$sending"
    else
        echo "another backup has been on its way there for an hour" >"$folder/log/restic.log"
    fi
    exec 4<&-
    [ -e "$repository" ] || return 0 # it has been taken away
    restic_words
    tell_trouble || say "it cannot be noted on the server: is there room in $folder?"
}

tell_trouble() {
    if [ "$only_surplus" = yes ]; then
        trouble="no backup is missing in the repository, but what is to go from it is still there"
        say "the repository $(cat "$repository/url") has the backup, but what is to go from it is still there: the lines above say why"
    else
        trouble="a backup is on this server alone: its repository does not have it"
        say "the repository $(cat "$repository/url") does not have the backup, which is on this server: the lines above say why"
    fi
    printf '%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$trouble: $(restic_said | tail -n 1)" >"$folder/.repository-failed" &&
        mv "$folder/.repository-failed" "$folder/repository-failed"
}

# begin_sending: the stack may name another repository meanwhile: what is sent to this one is noted as sent to this one.
begin_sending() {
    rm -rf "$sending"
    cp -a "$repository" "$sending" 2>"$folder/log/restic.log" || return 1
    drop_marks 1 "$(cat "$sending/url")"
    opens "$sending" || return 1
    mark=$(mark_of "$sending")
    drop_marks 2 "$mark"
}

# drop_marks LINES TEXT: of the app's backups those marks whose first lines are others. What they say is of a repository that nobody
# asks any more: it is elsewhere, or was there before this one. An earlier version has noted the place alone, which is not enough.
drop_marks() {
    for place in "$shelf"/*/; do
        if [ ! -e "$place/off-server" ] || ! cmp -s "$place/owner" "$folder/owner"; then continue; fi
        [ "$(head -n "$1" "$place/off-server" 2>/dev/null)" = "$2" ] || rm -rf "$place/off-server"
    done
}

# Until there is none left: more may be made while one is sent, and while what is too much there is forgotten, which can take hours.
# What the schedule makes meanwhile counts on this run (send_in_background). One that cannot be read does not keep the others here.
send_all() {
    unsendable=
    while :; do
        while unsent=$(unsent_backup) && [ -n "$unsent" ]; do send_next || break 2; done
        forgotten=yes
        forget_surplus || forgotten=no
        [ -n "$(unsent_backup)" ] || break
    done
    rm -f "$folder/backup-sent-now"
    if [ -n "$unsendable" ]; then
        mv "$folder/log/restic-failed.log" "$folder/log/restic.log"
        return 1
    fi
    if [ "$forgotten" = yes ]; then return 0; fi
    only_surplus=yes
    return 1
}

# send_next: $unsent. Retention lets it be meanwhile. Fails where nothing else can be sent either.
send_next() {
    say "sending $(basename "$unsent") to the repository, $(du -sh "$unsent" | cut -f 1)"
    if basename "$unsent" >"$folder/backup-sent-now" && send_one "$unsent" && mark_sent "$unsent"; then return 0; fi
    unsendable="$unsendable $unsent "
    cp "$folder/log/restic.log" "$folder/log/restic-failed.log"
    opens "$sending"
}

# unsent_backup: the first that is complete, of this owner, and not there, and has not failed in this run.
unsent_backup() {
    for place in "$shelf"/*/; do
        place=${place%/}
        case $unsendable in *" $place "*) continue ;; esac
        if [ ! -e "$place/SHA256SUMS" ] || [ "$(cat "$place/off-server" 2>/dev/null)" = "$mark" ] || ! cmp -s "$place/owner" "$folder/owner"; then continue; fi
        echo "$place"
        return
    done
}

# mark_sent FOLDER: a backup that came from elsewhere may have folders of these names.
mark_sent() {
    rm -rf "$1/off-server" "$1/.off-server" && printf '%s\n' "$mark" >"$1/.off-server" && mv -T "$1/.off-server" "$1/off-server"
}

# send_one FOLDER: at the time that its name says. One that is already there costs little. It is to be there once, and whole: what
# else there is of it is noted until it is forgotten.
send_one() {
    name=$(basename "$1")
    at_time=$(printf '%s' "$name" | sed 's/^\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z.*/\1-\2-\3 \4:\5:\6/')
    before=$(snapshots_of "$name") || {
        mv "$folder/log/restic-snapshots.log" "$folder/log/restic.log"
        return 1
    }
    # In the place of what is there only what is whole: restic asks nobody for its sums.
    [ -z "$before" ] || (cd "$1" && sha256sum --quiet --strict --check SHA256SUMS) >"$folder/log/restic.log" 2>&1 || return 1
    told=yes
    ! grep -qE '^(Ignoring|could not load)' "$folder/log/restic-snapshots.log" || told=no
    sent=0
    restic_patiently backup --host "$app" --time "$at_time" --tag "$(owner_tag)" --tag "dallinger-kind=$(cat "$1/kind" 2>/dev/null || echo final)" --tag "dallinger-backup=$name" "$1" || sent=$?
    case $sent in
    0) excess=$before ;;
    # A file could not be read, and a snapshot was made without it: the one that was not told before, when all were.
    3)
        excess=
        [ "$told" = no ] || excess=$(snapshots_of "$name" | grep -vxF "$before")
        ;;
    *) return "$sent" ;;
    esac
    printf '%s\n' "$excess" >>"$folder/repository-excess" && return "$sent"
}

# snapshots_of NAME: the ids of what the repository has of a backup.
snapshots_of() {
    restic_seconds=600
    restic_at "$sending" snapshots --json --no-lock --host "$app" --tag "$(owner_tag),dallinger-backup=$1" >"$folder/log/restic-snapshots.log" 2>&1 || return 1
    grep -o '"id": *"[0-9a-f]*"' "$folder/log/restic-snapshots.log" | cut -d '"' -f 4
}

# What stays there of scheduled ones is what stays here, and in any case what is here: by its name, of a clock that was wrong, it may
# be older than it is.
forget_surplus() {
    forget_excess || return 1
    [ -e "$folder/backup-keep" ] || return 0
    rules=$(sed -n '/ 0$/d;s/^\([a-z]*\) \([0-9]*\)$/--keep-\1 \2/p' "$folder/backup-keep" | tr '\n' ' ')
    for place in "$shelf"/*/; do
        [ ! -e "$place/SHA256SUMS" ] || rules="$rules --keep-tag dallinger-backup=$(basename "$place")"
    done
    # shellcheck disable=SC2086 # options, numbers and names
    restic_patiently forget --host "$app" --tag "$(owner_tag),dallinger-kind=scheduled" --group-by host $rules --prune
}

# forget_excess: what send_one has noted. Counted among what stays, it would push out others.
forget_excess() {
    excess=$(cat "$folder/repository-excess" 2>/dev/null) || return 0
    # shellcheck disable=SC2086 # an id a word
    [ -z "$excess" ] || restic_patiently forget $excess || return 1
    rm -f "$folder/repository-excess"
}

# restic_patiently ARGUMENT…: another app may be at work in the repository, or a run that has died.
restic_patiently() {
    restic_seconds=86400
    for pause in 30 60 120 240 0; do
        ended=0
        restic_at "$sending" "$@" >"$folder/log/restic.log" 2>&1 || ended=$?
        if [ "$ended" = 0 ] || [ "$pause" = 0 ] || ! grep -q 'already locked' "$folder/log/restic.log"; then return "$ended"; fi
        sleep "$pause"
        restic_at "$sending" unlock >/dev/null 2>&1 || :
    done
}

# fetch_archive NAME: a backup that this server does not have, out of the repository. It has its name when all sums are right.
fetch_archive() {
    wanted=$1
    shelf=$backups/$app
    incoming=$shelf/.fetching
    say "fetching the backup $1 from the repository"
    install -d -m 700 "$shelf" "$folder/log"
    rm -rf "$incoming"
    opens "$repository" || refuse_fetched "could not be fetched from the repository"
    require_fetching_room "$1"
    restic_seconds=86400
    restic_at "$repository" restore latest --host "$app" --tag "$(owner_tag),dallinger-backup=$1" --target "$incoming" >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "could not be fetched from the repository"
    fetched=$incoming$backups/$app/$1
    # Whoever else has the repository's password could have put a link there, to what root would write to.
    if [ "$(readlink -f "$fetched")" != "$(readlink -f "$incoming")$backups/$app/$1" ] || [ -n "$(find "$fetched" ! -type f ! -type d)" ]; then
        refuse_fetched "is a link in the repository, or has one in it, and no backup"
    fi
    (cd "$fetched" && sha256sum --quiet --strict --check SHA256SUMS) >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "has not come from the repository as its checksums say"
    rm -rf "$fetched/off-server"
    mark_of "$repository" >"$fetched/off-server"
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
    restic_at "$repository" stats latest --host "$app" --tag "$(owner_tag),dallinger-backup=$1" --mode restore-size --json >"$folder/log/restic.log" 2>&1 ||
        refuse_fetched "is not to be found in the repository"
    bytes=$(sed -n 's/.*"total_size":\([0-9]*\).*/\1/p' "$folder/log/restic.log")
    is_number "$bytes" || refuse_fetched "is not in the repository"
    free=$(free_bytes "$backups")
    is_number "$free" || refuse "it cannot be read on the server how much is free in $backups: \`df $backups\` there says why"
    [ "$free" -ge $((2 * bytes)) ] ||
        refuse "the backup $app/$1 of $((bytes / 1048576)) MiB needs twice as much room on the server, where $((free / 1048576)) MiB are free: remove what is not needed (\`sudo docker image prune -a\`), then run \`./pulumi up\` again"
}
