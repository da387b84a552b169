# shellcheck shell=sh
# Sourced by everything that runs on a prepared server, after messages.sh: where things are, the lock, the shared services.
# shellcheck disable=SC2034,SC2154 # the scripts that source this file use these, and say which app it is
root=/srv/dallinger
server=$root/server
backups=$root/backups
postgres=dlgr-server-postgres
caddy=dlgr-server-caddy
layout_version=2

# is_off_server BACKUP: whether a repository has it, as far as this server knows, which notes place and id of that. An earlier version has
# noted the place alone, where another one can be by now.
is_off_server() {
    [ -n "$(sed -n 2p "$1/off-server" 2>/dev/null)" ]
}

# layout_value KEY: a value of layout.json, which the verb `services` writes with one key a line.
layout_value() {
    sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$server/layout.json"
}

require_layout() {
    [ -e "$server/layout.json" ] ||
        refuse "this server is not prepared: run \`./pulumi up\` in the stack that has the \`dallinger:server\` block (after a \`./pulumi destroy\` that was broken off, \`./ops/dallinger mend\` there first)"
    # Version 1 has no way for an app's role into its own database but by the network.
    [ "$(layout_value version)" -ge "$layout_version" ] 2>/dev/null ||
        refuse "an earlier release of this program has prepared this server, and nothing is changed: run \`./pulumi up\` in the server's stack first"
    [ "$(layout_value version)" = "$layout_version" ] ||
        refuse "this server is laid out as version $(layout_value version), and this program knows version $layout_version: use the release of this program that prepared it"
}

# require_server ID: the server that its stack speaks of.
require_server() {
    [ "$(layout_value id)" = "$1" ] ||
        refuse "this is another server (id $(layout_value id)) than the one the server's stack speaks of (id $1): run \`./pulumi up\` in that stack, or set its host back"
}

# require_machine PLATFORM: a machine of the platform that its stack speaks of. This kernel's word counts.
require_machine() {
    case $(uname -m) in
    x86_64) machine=linux/amd64 ;;
    aarch64) machine=linux/arm64 ;;
    *) machine="linux/$(uname -m)" ;;
    esac
    [ "$machine" = "$1" ] ||
        refuse "this server is $machine, and its stack says $1: \`./pulumi config set --path 'dallinger:server.platform' $machine\` in the stack with the server block"
}

# require_label NAME: refuses what cannot be an app's name, a DNS label.
require_label() {
    case $1 in
    '' | -* | *- | *[!a-z0-9-]*) refuse "\"$1\" cannot be the name of an app: see dallinger:experiment.name" ;;
    esac
}

# Three locks keep runs out of each other's way. Whoever takes several takes them in this order:
#   lock_app                  one run at a time works on an app, however long it waits, pulls, drains, saves or restores
#   lock_server               what all apps live on changes: waits for the runs of every app, and they for it. Scripts of the first
#                             version hold it for all that they do
#   with_server_lock COMMAND  for moments, what apps share: Caddy's files and what it has loaded, roles and databases, images that go
# Each is held by the process that works and what it has started, and ends with them: an interrupted run never leaves one behind.

# lock_app: the app $app, whose folder is there; fails when that has been removed meanwhile. A run gives way to one that has come
# later: the operator has lost it, and what it brings is no longer what is wanted.
lock_app() {
    # Opened before the run is announced: from there on it is told from a folder of the same name that comes after a removal.
    { command exec 8<"$folder"; } 2>/dev/null || {
        say "$app has been removed from this server"
        return 1
    }
    announce_run "$folder"
    await_lock 8 -x "another command is working on $app"
    exec 9>"$server/lock"
    await_lock 9 -s "another deployment is working on this server"
    [ "$(stat -L -c %d:%i /proc/self/fd/8)" = "$(stat -c %d:%i "$folder" 2>/dev/null)" ] || {
        say "$app has been removed from this server while another command was waited for"
        return 1
    }
    require_latest "$folder"
    install -d -m 700 "$folder/log" # a removal that was killed may have taken it
}

lock_server() {
    exec 9>"$server/lock"
    await_lock 9 -x "another deployment is working on this server"
}

# with_server_lock COMMAND…: none within another.
with_server_lock() {
    exec 7<"$server"
    flock -w 10 7 || await_lock 7 -x "another deployment is changing what all apps share"
    "$@"
    with_status=$?
    exec 7<&-
    return "$with_status"
}

# await_lock DESCRIPTOR -x|-s TEXT: alone, or shared with others. TEXT is why it has to be waited for.
await_lock() {
    flock -n "$2" "$1" && return
    say "$3: waiting for it (up to 15 minutes)"
    flock -w 900 "$2" "$1" || refuse "$3, and has for 15 minutes: see \`ps axf\` there, then run \`./pulumi up\` again"
}

# name_run: $run is this process and the moment in which it began (proc(5): starttime), by which a later one of the same number is told.
name_run() {
    run=$$.$(began $$)
}

began() {
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# runs NAME: whether the run of this name is still alive.
runs() {
    [ -n "${1#*.}" ] && [ "$(began "${1%%.*}")" = "${1#*.}" ]
}

# announce_run FOLDER: this run is the latest that has come for what lies in FOLDER. A link needs no room on a full disk.
announce_run() {
    name_run
    ln -s "$run" "$1/.latest-run.$run"
    mv -T "$1/.latest-run.$run" "$1/latest-run"
}

require_latest() {
    [ "$(readlink "$1/latest-run")" = "$run" ] ||
        refuse "a later command has come while this one waited: this one has changed nothing and leaves everything to that"
}

# claim_alone FOLDER: whether an app's folder holds its claim and nothing else, and nobody is at work there. Pulumi does not know of a
# claim during which it was killed: a `destroy` that follows leaves it.
claim_alone() {
    for deployed in database-made backup releases image-wanted restore-started launch-started; do
        [ ! -e "$1/$deployed" ] || return 1
    done
    ! runs "$(readlink "$1/latest-run" || echo none)"
}

# lock_claim: the same for whether this is somebody's server at all. It is there before anything of ours is.
lock_claim() {
    mkdir -p "$(dirname "$root")"
    exec 8<"$(dirname "$root")"
    flock -w 900 8 || refuse "another deployment has been preparing this server for 15 minutes: see \`ps axf\` there, then run \`./pulumi up\` again"
}

# trust_registry IMAGE [AUTHORITY]: the server's registryCa, or another one where that is not the server's yet, for the registry that
# IMAGE is pulled from. Docker reads it at each pull, without a restart, and beside the public CAs.
trust_registry() {
    registry=${1%%/*}
    trusted=${2:-$server/registry-ca.pem}
    [ -s "$trusted" ] || return 0
    case $registry in
    *.* | *:*) ;;
    *) return 0 ;; # Docker Hub
    esac
    cmp -s "$trusted" "/etc/docker/certs.d/$registry/ca.crt" && return 0
    # Another run may pull meanwhile.
    install -D -m 644 "$trusted" "/etc/docker/certs.d/$registry/.ca.$$"
    mv "/etc/docker/certs.d/$registry/.ca.$$" "/etc/docker/certs.d/$registry/ca.crt"
    printf '%s\n' "$registry" >>"$server/registries"
}

# docker_says COMMAND…: what docker answers. Where it does not answer a line says so, and it fails: that is not the answer "none".
docker_says() {
    docker "$@" 2>/dev/null || {
        say "Docker does not answer on this server: \`systemctl status docker\` there says why"
        return 1
    }
}

# docker_folder: where Docker keeps its data; fails where it does not say so.
docker_folder() {
    docker_data=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) && [ -d "$docker_data" ] && printf '%s\n' "$docker_data"
}

# free_bytes PLACE: how much is free there; no number where that cannot be read.
free_bytes() {
    df --output=avail -B 1 "$1" | tail -n 1 | tr -d ' '
}

is_number() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
}

# read_at_once yes|"": the option with which awk does not wait for more than a line; only mawk does, and only mawk has it.
read_at_once() {
    [ "$1" = yes ] || return 0
    case $(awk -W version </dev/null 2>&1 | head -n 1) in mawk*) echo "-W interactive" ;; esac
}

# container_exec [OPTION…] CONTAINER COMMAND…: `docker exec` with standard input, as text. On a busy server the runtime may fail to
# start the command: docker then exits with 126 to 128 and tells why on standard output. Nothing of the command has run, so it
# is tried again. What it may say is limited, and with $exec_within for how many seconds it may run: it can be an app's own.
exec_within=
exec_most=4194304
container_exec() {
    exec_input=$(cat)
    for pause in 1 3 0; do
        # The status comes behind the output; of too much of that docker gets to know as of a closed pipe, and ends.
        exec_output=$(
            exec 4>&1
            exec_status=$({ {
                printf '%s\n' "$exec_input" 2>/dev/null | ${exec_within:+timeout "$exec_within"} docker exec -i "$@" 3>&- 4>&- && echo 0 >&3 || echo $? >&3
            } | head -c "$exec_most" >&4; } 3>&1)
            printf '.%03d' "$exec_status"
        )
        # Not by ${…%…}, which takes the square of what was said.
        exec_status=$((1$(printf %s "$exec_output" | tail -c 3) - 1000))
        exec_output=$(printf %s "$exec_output" | head -c -4)
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
