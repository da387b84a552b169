# shellcheck shell=sh
# Docker looks for plugins in its configuration folder. Ours must not be put into the user's, and the user's logins and
# contexts must go on working: so docker is pointed to a folder of links, to all that is the user's and to our plugins.
# What docker itself writes there (a first login, for example) stays; the folder is the user's, not a cache.

# docker_configuration: prints the folder for DOCKER_CONFIG; nothing where docker finds all its plugins by itself.
docker_configuration() {
    [ -d "$TOOLS_HOME/docker-plugins" ] || return 0
    users=${DOCKER_CONFIG:-$HOME/.docker}
    case $users in
    "$USER_DATA"/docker-*) users=$(readlink "$users/.users") ;; # we are inside the toolchain's environment already
    esac
    mirror=$USER_DATA/docker-$(printf %s "$users" | digest | cut -c 1-12)
    [ -d "$mirror/cli-plugins" ] || (umask 077 && mkdir -p "$mirror/cli-plugins")
    link "$users" "$mirror/.users"
    link_all "$users" "$mirror"
    link_all "$users/cli-plugins" "$mirror/cli-plugins"
    link_all "$TOOLS_HOME/docker-plugins" "$mirror/cli-plugins"
    echo "$mirror"
}

# link_all FROM TO: what is in FROM, but for cli-plugins and buildx's own state, is in TO as well; links to what is gone
# are removed. A file of docker's own that is in the way is set aside.
link_all() {
    for entry in "$2"/*; do
        [ -e "$entry" ] || rm -f "$entry"
    done
    for entry in "$1"/*; do
        name=${entry##*/}
        case $name in cli-plugins | buildx | "*") continue ;; esac
        [ -L "$2/$name" ] || [ ! -e "$2/$name" ] || mv "$2/$name" "$2/$name.earlier"
        link "$entry" "$2/$name"
    done
}
