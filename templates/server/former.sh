# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by the verb `services`: what the shared services were made from before, put back when they cannot be brought to something else.
#
# A failed update leaves Pulumi with what it had before, and then a configuration that is set back is no change to it: so the
# server has to be what it was. The folder `former` is there for as long as it may not be; the next run finds it where one has
# been killed.
former=$server/former
# Whether containers may be other ones, and Caddy's configuration.
switched=

begin_switch() {
    switched=yes
}

# left_unfinished: whether an interrupted run has left what may be neither what it was to be nor what it was.
left_unfinished() {
    [ -e "$former" ] || return 1
    begin_switch
}

# serving_compose: the compose file by which the services were made that serve.
serving_compose() {
    if [ -e "$former/compose.yaml" ]; then echo "$former/compose.yaml"; else echo "$server/compose.yaml"; fi
}

forget_former() {
    rm -rf "$former"
}

# settings_files FOLDER: what the shared services are made from, apart from what apps change, their sites and their access.
settings_files() {
    (cd "$1" && find compose.yaml pinned registry-ca.pem caddy/Caddyfile caddy/tls postgres -type f ! -name former_apps.conf 2>/dev/null) || :
}

# keep_former: unless it is kept already, or there is nothing yet that serves.
keep_former() {
    if [ -e "$former" ] || [ ! -e "$server/layout.json" ]; then return; fi
    rm -rf "$server/.former"
    install -d -m 700 "$server/.former"
    settings_files "$server" | while read -r file; do (cd "$server" && cp -p --parents "$file" "$server/.former/"); done
    sync "$server/.former"
    mv "$server/.former" "$former"
}

# put_files_back: each by a rename, and none that was not there.
put_files_back() {
    settings_files "$server" | while read -r file; do
        [ -e "$former/$file" ] || rm -f "$server/$file" || exit 1
    done && settings_files "$former" | while read -r file; do
        cp -p "$former/$file" "$server/.putting-back" && mv "$server/.putting-back" "$server/$file" || exit 1
    done
}

# undo: at the end of a run.
undo() {
    status=$?
    set +e
    trap - EXIT HUP INT TERM
    rm -rf "$payload"
    drop_candidate
    if [ "$status" -ne 0 ] && [ -e "$former" ]; then put_back; fi
    exit "$status"
}

put_back() {
    say "putting back what the shared services were before"
    if put_files_back && { [ -z "$switched" ] || bring_back; }; then
        forget_former
        say "the shared services are what they were before this \`pulumi up\`"
    else
        [ -z "$switched" ] || tail -n 5 "$server/compose.log" | cut -c1-500 >&2
        say "what the shared services were before does not run either: after mending what the lines above say, run \`./ops/dallinger mend\` and \`pulumi up\`"
    fi
}

bring_back() {
    compose_up && join_apps && (load_access) && await_caddy
}
