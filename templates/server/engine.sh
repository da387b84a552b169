# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after packages.sh: Docker Engine and Compose v2, there already or installed.

# Healthchecks with start_interval came with Docker Engine 25.
oldest_engine=25

engine_major() {
    docker version --format '{{.Server.Version}}' 2>/dev/null | cut -d. -f1
}

compose_there() {
    docker compose version --short 2>/dev/null | grep -q '^v\{0,1\}[2-9]'
}

# refuse_engine distribution|docker: what could not be installed or used later.
refuse_engine() {
    # shellcheck source=/dev/null # the server's own
    . /etc/os-release
    if command -v docker >/dev/null; then
        major=$(engine_major)
        [ -n "$major" ] || refuse "Docker is installed here but its engine does not answer: \`systemctl status docker\` says why"
        [ "$major" -ge "$oldest_engine" ] ||
            refuse "Docker Engine $major is here, and $oldest_engine or newer is needed: upgrade it, then run \`./pulumi up\` again"
        compose_there || refuse_compose
        return
    fi
    case "${ID:-}:${VERSION_ID:-}" in
    debian:12)
        [ "$1" = docker ] ||
            refuse "Debian 12 has no Docker Compose v2 of its own: use Docker's repository with \`./pulumi config set --path 'dallinger:server.engine' docker\`"
        ;;
    debian:* | ubuntu:*) ;;
    *) refuse "this server runs ${PRETTY_NAME:-an unknown system}; Docker can be installed on Debian and Ubuntu: install Docker Engine $oldest_engine or newer with Compose v2 by hand, then run \`./pulumi up\` again" ;;
    esac
}

# refuse_compose: where there is an engine, and nothing from which Compose could be installed beside it.
refuse_compose() {
    if has_docker_ce; then return; fi
    case "${ID:-}:${VERSION_ID:-}" in
    debian:12) ;;
    debian:* | ubuntu:*) return ;;
    esac
    refuse "Docker is here without Compose v2, which ${PRETTY_NAME:-this system} does not have for it: install that by hand (\`docker compose version\` has to work), then run \`./pulumi up\` again"
}

has_docker_ce() {
    dpkg-query -W -f '${db:Status-Abbrev}' docker-ce 2>/dev/null | grep -q '^ii'
}

# install_engine distribution|docker MADE: MADE gets the names of the packages that were not there before.
install_engine() {
    finish_unpacked "$2"
    if command -v docker >/dev/null && compose_there; then
        note_installed "$2" # by a run that was killed before it came to noting it
        return
    fi
    note_before "$2"
    if command -v docker >/dev/null; then
        say "installing Docker Compose for the Docker Engine that is here"
        install_compose "$2"
    else
        say "installing Docker Engine and Compose ($1)"
        if [ "$1" = docker ]; then add_docker_repository "$2"; fi
        apt_get update
        case $1 in
        docker) install_packages "$2" docker-ce docker-ce-cli containerd.io docker-compose-plugin docker-buildx-plugin ;;
        *) install_distribution_engine "$2" ;;
        esac
    fi
    note_installed "$2"
    compose_there || refuse "Docker Compose v2 could not be installed: \`docker compose version\` must work on the server"
}

# note_before MADE: what a removal leaves alone. A first run that was killed has noted it already; a second one must not take what
# that has installed for what was there before.
note_before() {
    [ ! -e "$1.before" ] || return 0
    for place in $engine_places; do
        [ -f "$place" ] || [ -n "$(ls -A "$place" 2>/dev/null || :)" ] || continue
        printf '%s\n' "$place"
    done >"$server/places.before"
    getent group docker >/dev/null || : >"$server/group-made"
    installed_packages >"$1.before.new"
    mv "$1.before.new" "$1.before"
}

# What an engine makes outside its packages.
engine_places="/var/lib/docker /var/lib/containerd /etc/docker /etc/cni /etc/apt/sources.list.d/docker.list /etc/apt/keyrings/docker.asc"

# install_compose MADE: beside an engine of somebody else's, without taking any package of theirs away for it.
install_compose() {
    apt_get update
    compose=$(distribution_compose)
    if has_docker_ce; then compose=docker-compose-plugin; fi
    install_packages "$1" --no-remove "$compose"
}

# Debian calls the plugin docker-compose, Ubuntu docker-compose-v2.
distribution_compose() {
    if apt-cache show docker-compose-v2 >/dev/null 2>&1; then echo docker-compose-v2; else echo docker-compose; fi
}

# install_distribution_engine MADE
install_distribution_engine() {
    compose=$(distribution_compose)
    client=
    apt-cache show docker-cli >/dev/null 2>&1 && client=docker-cli
    # shellcheck disable=SC2086 # $client is one name or none
    install_packages "$1" docker.io $client "$compose" iptables
}

# add_docker_repository MADE: Docker's own instructions for Debian and Ubuntu, https://docs.docker.com/engine/install/
add_docker_repository() {
    # shellcheck source=/dev/null # the server's own
    . /etc/os-release
    apt_get update
    install_packages "$1" ca-certificates curl
    install -m 0755 -d /etc/apt/keyrings
    curl -fsSL "https://download.docker.com/linux/$ID/gpg" -o /etc/apt/keyrings/docker.asc
    printf 'deb [arch=%s signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/%s %s stable\n' \
        "$(dpkg --print-architecture)" "$ID" "$VERSION_CODENAME" >/etc/apt/sources.list.d/docker.list
    # apt reads both as any user, and what has unpacked a payload makes files for root alone.
    chmod a+r /etc/apt/keyrings/docker.asc /etc/apt/sources.list.d/docker.list
}
