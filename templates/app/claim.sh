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
app=$(cat "$payload/name")
folder=$root/apps/$app

main() {
    require_layout
    [ "$(layout_value id)" = "$(cat "$payload/server")" ] ||
        refuse "this is another server (id $(layout_value id)) than the one the server's stack speaks of (id $(cat "$payload/server")): run \`pulumi up\` in that stack, or set its host back"
    lock_server
    refuse_other_owner
    take_folder
    for script in "$payload"/bin/*; do
        install -m 700 "$script" "$folder/bin/.incoming"
        mv "$folder/bin/.incoming" "$folder/bin/$(basename "$script")"
    done
}

# An app that this stack has deployed lives on one server for good: an update that does not find it there is a move.
refuse_other_owner() {
    there=$(cat "$folder/owner" 2>/dev/null || true) # no file: the name is free
    if [ -n "$there" ] && [ "$there" != "$(cat "$payload/owner")" ]; then
        refuse "the name $app is taken on this server by another stack: choose another with \`pulumi config set --path 'dallinger:experiment.name' NAME\`"
    fi
    if [ -z "$there" ] && [ "$mode" = update ]; then
        refuse "$app is not on this server, and this stack has deployed it before: apps and their answers never move by a changed address. Set the server back (dallinger:server.host, or dallinger:experiment.on), or run \`pulumi destroy\` there first"
    fi
}

# The folder appears with its owner in it, so no interruption leaves a folder that nobody owns.
take_folder() {
    [ ! -e "$folder" ] || return 0
    rm -rf "$root/apps/.claim-$app"
    install -d -m 700 "$root/apps/.claim-$app" "$root/apps/.claim-$app/bin" "$root/apps/.claim-$app/log"
    cp "$payload/owner" "$root/apps/.claim-$app/owner"
    # remove.sh must be there from the first moment on: it is what `pulumi destroy` calls.
    cp "$payload"/bin/* "$root/apps/.claim-$app/bin/"
    chmod 700 "$root/apps/.claim-$app"/bin/*
    mv "$root/apps/.claim-$app" "$folder"
}

main
