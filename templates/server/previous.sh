# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by the verb `services`: what the shared services were made from before, put back when they cannot be brought to something else.
#
# A failed update leaves Pulumi with what it had before, and then a configuration that is set back is no change to it: so the
# server has to be what it was. The folder `former` is there for as long as it may not be; the next run finds it where one has
# been killed.
previous=$server/former
# Whether containers may be other ones, and Caddy's configuration.
switched=

begin_switch() {
    switched=yes
}

# left_unfinished: whether an interrupted run has left what may be neither what it was to be nor what it was.
left_unfinished() {
    [ -e "$previous" ] || return 1
    begin_switch
}

# serving_compose: the compose file by which the services were made that serve.
serving_compose() {
    if [ -e "$previous/compose.yaml" ]; then echo "$previous/compose.yaml"; else echo "$server/compose.yaml"; fi
}

drop_previous() {
    rm -rf "$previous"
}

# settings_files FOLDER: what the shared services are made from, apart from what apps change, their sites and their access.
settings_files() {
    (cd "$1" && find compose.yaml pinned registry-ca.pem caddy/Caddyfile caddy/tls postgres -type f ! -name former_apps.conf 2>/dev/null) || :
}

# save_previous: unless it is kept already, or there is nothing yet that serves.
save_previous() {
    if [ -e "$previous" ] || [ ! -e "$server/layout.json" ]; then return; fi
    rm -rf "$server/.former"
    install -d -m 700 "$server/.former"
    settings_files "$server" | while read -r file; do (cd "$server" && cp -p --parents "$file" "$server/.former/"); done
    sync "$server/.former"
    mv "$server/.former" "$previous"
}

# put_files_back: each by a rename, and none that was not there.
put_files_back() {
    settings_files "$server" | while read -r file; do
        [ -e "$previous/$file" ] || rm -f "$server/$file" || exit 1
    done && settings_files "$previous" | while read -r file; do
        cp -p "$previous/$file" "$server/.putting-back" && mv "$server/.putting-back" "$server/$file" || exit 1
    done
}

# undo: at the end of a run.
undo() {
    status=$?
    set +e
    trap - EXIT HUP INT TERM
    rm -rf "$payload"
    drop_candidate
    if [ "$status" -ne 0 ] && [ -e "$previous" ]; then put_back; fi
    resume_apps
    exit "$status"
}

put_back() {
    say "putting back what the shared services were before"
    if put_files_back && { [ -z "$switched" ] || bring_back; }; then
        drop_previous
        say "the shared services are what they were before this \`./pulumi up\`"
    else
        [ -z "$switched" ] || tail -n 5 "$server/compose.log" | cut -c1-500 >&2
        say "what the shared services were before does not run either: once what the lines above say is put right, run \`./ops/dallinger mend\` and \`./pulumi up\`"
    fi
}

bring_back() {
    compose_up && join_apps && (load_access) && await_caddy
}
