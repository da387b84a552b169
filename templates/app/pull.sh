# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh and space.sh: gets an image from its registry.

# pull_image IMAGE PAYLOAD: unless it is there. A login that the payload holds (login/config.json) is docker's for as long as it
# pulls, in a folder that only root can read.
pull_image() {
    login=$2/login
    [ -e "$login/config.json" ] || login=
    docker image inspect "$1" >/dev/null 2>&1 || {
        require_space "$(cat "$2/free-space")" "pulling $1"
        trust_registry "$1"
        say "pulling $1"
        timeout 1800 docker ${login:+--config "$login"} pull -q "$1" </dev/null >/dev/null 2>"$folder/log/pull.log" || refuse_pull "$1"
    }
    rm -rf "$2/login"
}

refuse_pull() {
    tail -n 3 "$folder/log/pull.log" | cut -c1-400 >&2
    if ! grep -qiE 'denied|unauthorized|forbidden|authentication required|no basic auth credentials' "$folder/log/pull.log"; then
        refuse "the server cannot pull $1: it needs a way to that registry, and dallinger:server.registryCa if its certificate is of a CA of its own"
    fi
    if [ -n "$login" ]; then
        refuse "the registry does not let the server pull $1 with the login it has: see dallinger:experiment.image.registryUser and dallinger:serverSecrets.registryPassword"
    fi
    refuse "the registry does not let the server pull $1 without a login: \`pulumi config set --path 'dallinger:experiment.image.registryUser' USER\`, then \`pulumi config set --secret --path 'dallinger:serverSecrets.registryPassword'\`, which asks for that user's password or token"
}
