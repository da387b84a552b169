# shellcheck shell=sh
# Sourced by everything that runs on a prepared server, after messages.sh: where things are, the lock, the shared services.
# shellcheck disable=SC2034 # the scripts that source this file use these
root=/srv/dallinger
server=$root/server
backups=$root/backups
postgres=dlgr-server-postgres
caddy=dlgr-server-caddy
layout_version=2

# layout_value KEY: a value of layout.json, which services.sh writes with one key a line.
layout_value() {
    sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$server/layout.json"
}

require_layout() {
    [ -e "$server/layout.json" ] ||
        refuse "this server is not prepared: run \`pulumi up\` in the stack that has the \`dallinger:server\` block"
    # Version 1 has no way for an app's role into its own database but by the network.
    [ "$(layout_value version)" -ge "$layout_version" ] 2>/dev/null ||
        refuse "an earlier release of this program has prepared this server, and nothing is changed: run \`pulumi up\` in the server's stack first"
    [ "$(layout_value version)" = "$layout_version" ] ||
        refuse "this server is laid out as version $(layout_value version), and this program knows version $layout_version: use the release of this program that prepared it"
}

# require_server ID: the server that its stack speaks of.
require_server() {
    [ "$(layout_value id)" = "$1" ] ||
        refuse "this is another server (id $(layout_value id)) than the one the server's stack speaks of (id $1): run \`pulumi up\` in that stack, or set its host back"
}

# require_machine PLATFORM: a machine of the platform that its stack speaks of. This kernel's word counts.
require_machine() {
    case $(uname -m) in
    x86_64) machine=linux/amd64 ;;
    aarch64) machine=linux/arm64 ;;
    *) machine="linux/$(uname -m)" ;;
    esac
    [ "$machine" = "$1" ] ||
        refuse "this server is $machine, and its stack says $1: \`pulumi config set --path 'dallinger:server.platform' $machine\` in the stack with the server block"
}

# The lock is held by the process that works and ends with it, so an interrupted deployment never leaves it behind.
lock_server() {
    exec 9>"$server/lock"
    if ! flock -n 9; then
        say "another deployment is working on this server: waiting for it (up to 15 minutes)"
        flock -w 900 9 || refuse "another deployment has held this server for 15 minutes: see \`ps axf\` there, then run \`pulumi up\` again"
    fi
}

# lock_claim: the same for whether this is somebody's server at all. It is there before anything of ours is.
lock_claim() {
    mkdir -p "$(dirname "$root")"
    exec 8<"$(dirname "$root")"
    flock -w 900 8 || refuse "another deployment has been preparing this server for 15 minutes: see \`ps axf\` there, then run \`pulumi up\` again"
}

# trust_registry IMAGE: the server's registryCa ($authority, where that is not the server's yet), if it has one, for the registry that IMAGE is pulled from. Docker reads it at
# each pull, without a restart, and beside the public CAs.
trust_registry() {
    registry=${1%%/*}
    trusted=${authority:-$server/registry-ca.pem}
    [ -s "$trusted" ] || return 0
    case $registry in
    *.* | *:*) ;;
    *) return 0 ;; # Docker Hub
    esac
    cmp -s "$trusted" "/etc/docker/certs.d/$registry/ca.crt" && return 0
    install -D -m 644 "$trusted" "/etc/docker/certs.d/$registry/ca.crt"
    printf '%s\n' "$registry" >>"$server/registries"
}

# container_exec [OPTION…] CONTAINER COMMAND…: `docker exec` with standard input, as text. On a busy server the runtime may fail to
# start the command: docker then exits with 126 to 128 and tells why on standard output. Nothing of the command has run, so it
# is tried again.
container_exec() {
    exec_input=$(cat)
    for pause in 1 3 0; do
        exec_status=0
        exec_output=$(printf '%s\n' "$exec_input" 2>/dev/null | docker exec -i "$@") || exec_status=$?
        case $exec_status in
        126 | 127 | 128) [ "$pause" = 0 ] || sleep "$pause" ;;
        *)
            [ -z "$exec_output" ] || printf '%s\n' "$exec_output"
            return "$exec_status"
            ;;
        esac
    done
    printf '%s\n' "$exec_output" >&2
    return "$exec_status"
}

# superuser postgres [PSQL ARGUMENT…]: psql over the socket; PostgreSQL's superuser has no way in from the network, and none into a
# database that an app owns, where views, functions and defaults of the app's would work with its rights (templates/app/tables.sh).
superuser() {
    [ "$1" = postgres ] || refuse "a script was to work as PostgreSQL's superuser in $1, which is an app's"
    shift
    container_exec -u postgres "$postgres" psql -X -q -v ON_ERROR_STOP=1 -d postgres "$@"
}

# join_caddy NETWORK: has Caddy reach the webs of an app, which no other app does.
join_caddy() {
    joined_caddy "$1" || docker network connect "$1" "$caddy"
}

joined_caddy() {
    docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$caddy" | grep -qxF "$1"
}

# caddy_reload: loads the sites; does nothing when the configuration is the one that runs, whatever is in the certificates that it
# names.
caddy_reload() {
    caddy_load reload
}

# caddy_reload_anew: loads it even so.
caddy_reload_anew() {
    caddy_load reload --force
}

caddy_load() {
    container_exec "$caddy" caddy "$@" --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null >/dev/null 2>&1
}
