#!/bin/sh
# Takes a name on the server for a stack and puts the app's scripts there: claim.sh create|update PAYLOAD
# It comes first and makes little, so that an app whose deployment breaks off later has something that removes it.
set -eu
mode=$1
payload=$2
# shellcheck source=templates/shared/messages.sh
. "$payload/bin/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$payload/bin/server.sh"
# shellcheck source=templates/shared/receive.sh
. "$payload/bin/receive.sh"
# shellcheck source=templates/shared/group.sh
. "$payload/bin/group.sh"
# shellcheck source=templates/shared/names.sh
. "$payload/bin/names.sh"
# shellcheck source=templates/app/archive.sh
. "$payload/bin/archive.sh"
# shellcheck source=templates/app/calendar.sh
. "$payload/bin/calendar.sh"
app=$(cat "$payload/name")
folder=$root/apps/$app

main() {
    require_label "$app"
    require_layout
    require_server "$(cat "$payload/server")"
    require_machine "$(cat "$payload/platform")"
    refuse_other_owner
    require_names "$payload" "$folder/names"
    [ ! -e "$payload/calendar" ] || require_calendar "$(cat "$payload/calendar")"
    if [ ! -e "$folder" ]; then
        check_beginning
        with_server_lock take_folder
        refuse_other_owner
    fi
    lock_app
    install_scripts "$payload/bin" "$folder/bin"
    rm -f "$folder/docker-user"
    [ ! -e "$payload/docker-user" ] || cp "$payload/docker-user" "$folder/docker-user"
    with_server_lock settle_docker_group
    with_server_lock end_earlier_access
    keep_names "$payload" "$folder/names"
}

# An app that this stack has deployed lives on one server for good: an update that does not find it there is a move.
refuse_other_owner() {
    there=$(cat "$folder/owner" 2>/dev/null || true) # no file: the name is free
    if [ -n "$there" ] && [ "$there" != "$(cat "$payload/owner")" ]; then
        claim_alone "$folder" &&
            say "nothing was ever deployed behind that claim: if it is what an \`up\` has left that was killed, \`sudo $folder/bin/app remove all 0\` on the server gives the name free"
        refuse "the name $app is taken on this server by another stack: choose another with \`./pulumi config set --path 'dallinger:experiment.name' NAME\`"
    fi
    if [ -z "$there" ] && [ "$mode" = update ]; then
        refuse "$app is not on this server, and this stack has deployed it before: apps and their answers never move by a changed address. Set the server back (dallinger:server.host, or dallinger:experiment.on); from there, \`./ops/dallinger leave\` begins a move, and docs/moving.md says how it goes on. If a \`./pulumi destroy\` of it was broken off, the same again ends it"
    fi
}

# check_beginning: with what an app begins that is not there yet.
check_beginning() {
    if [ ! -e "$payload/archive" ]; then
        require_no_backup "$(cat "$payload/owner")"
    elif [ -e "$payload/repository-there" ] && [ ! -e "$backups/$app/$(cat "$payload/archive")" ]; then
        : # it comes from the repository, once that is known here
    else
        require_archive "$(cat "$payload/archive")"
    fi
}

# The scripts that were here before may have worked in the app's database as PostgreSQL's superuser (the verb `services` of the server): these do not.
end_earlier_access() {
    access=$server/postgres/former_apps.conf
    grep -qF "\"app_$app\"" "$access" 2>/dev/null || return 0 # no file, or no such app
    grep -vF "\"app_$app\"" "$access" >"$access.new" || : # the last one
    chmod 644 "$access.new"
    mv "$access.new" "$access"
    echo 'SELECT pg_catalog.pg_reload_conf();' | superuser postgres >/dev/null ||
        refuse "PostgreSQL does not answer on this server: \`docker logs $postgres\` there says why; then run \`./pulumi up\` again"
}

# The folder appears with its owner in it, so no interruption leaves a folder that nobody owns.
take_folder() {
    require_layout # the server may be on its way out since this run has begun
    [ ! -e "$folder" ] || return 0
    rm -rf "$root/apps/.claim-$app" "$root/apps/.removed-$app"
    install -d -m 700 "$root/apps/.claim-$app" "$root/apps/.claim-$app/log"
    cp "$payload/owner" "$root/apps/.claim-$app/owner"
    # They must be there from the first moment on: `./pulumi destroy` calls them.
    install_scripts "$payload/bin" "$root/apps/.claim-$app/bin"
    mv "$root/apps/.claim-$app" "$folder"
}

main
