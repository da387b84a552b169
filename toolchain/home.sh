# shellcheck shell=sh
# The home: one folder that Pulumi and the shell are pointed to, with the finished parts linked into it. Another set of
# pins has another home, so that two checkouts do not disturb each other; logins and selected stacks are the user's and lie
# outside of it, in a folder of which each has a home, too: Pulumi finds the selected stacks in its home only.

USER_DATA=${XDG_DATA_HOME:-$HOME/.local/share}/dallinger-pulumi

# find_home: sets TOOLS_HOME, the folder for the present pins and the user's folder.
find_home() {
    TOOLS_HOME=$CACHE/toolchain/home-$(printf %.12s "$(printf '%s\n' "$KEYS" "$USER_DATA" | digest)")
}

# place_of PART: the folder in which it is looked for; nothing where nobody looks for it.
place_of() {
    case $1 in
    caddy | pebble | versitygw) ;;
    random | command | docker) echo "$TOOLS_HOME/plugins/resource-$1-v$(version "$1")" ;;
    docker-cli) echo "$TOOLS_HOME/docker" ;;
    buildx | compose) echo "$TOOLS_HOME/docker-plugins" ;;
    *) echo "$TOOLS_HOME/bin" ;;
    esac
}

# place PART: links its finished files to where they are looked for.
place() {
    folder=$(place_of "$1")
    [ -n "$folder" ] || return 0
    mkdir -p "$folder"
    for file in "$(stored "$1")"/*; do
        [ -e "$folder/${file##*/}" ] || ln "$file" "$folder/${file##*/}" 2>/dev/null || [ -e "$folder/${file##*/}" ]
    done
}

# find_own_docker: sets OWN_DOCKER, the folder of a docker of ours where the machine has none that is good.
find_own_docker() {
    OWN_DOCKER=
    machine_docker_cli >/dev/null || [ ! -d "$TOOLS_HOME/docker" ] || OWN_DOCKER=$TOOLS_HOME/docker
}

# print_environment: the lines for sh that make the tools found.
print_environment() {
    prepare_user_folders
    docker_folder=$(docker_configuration)
    path=${OWN_DOCKER:+$OWN_DOCKER:}$TOOLS_HOME/bin:$PATH
    printf 'export %s=%s\n' PATH "$(quote "$path")" PULUMI_HOME "$(quote "$TOOLS_HOME")" \
        PULUMI_CREDENTIALS_PATH "$(quote "$USER_DATA/pulumi")" PULUMI_SKIP_UPDATE_CHECK 1 \
        NODE_COMPILE_CACHE "$(quote "$TOOLS_HOME/compiled")" # half of a program's start is compiling it
    [ -z "$docker_folder" ] || printf 'export DOCKER_CONFIG=%s\n' "$(quote "$docker_folder")"
}

# prepare_user_folders: logins and selected stacks outlive the cache.
prepare_user_folders() {
    [ -d "$USER_DATA/pulumi/workspaces" ] || (umask 077 && mkdir -p "$USER_DATA/pulumi/workspaces")
    mkdir -p "$TOOLS_HOME/bin"
    link "$USER_DATA/pulumi/workspaces" "$TOOLS_HOME/workspaces"
}

# link TARGET NAME: a symbolic link; another run may be making it as well.
link() {
    # shellcheck disable=SC3013 # in POSIX since 2024, in every sh before; readlink would be a program for each link
    if [ -L "$2" ] && [ "$2" -ef "$1" ]; then return 0; fi
    [ "$(readlink "$2")" = "$1" ] || ln -sfn "$1" "$2" 2>/dev/null || [ "$(readlink "$2")" = "$1" ]
}

# prune: removes the parts and homes of other pins and folders. A run that uses them now would lose them.
prune() {
    for folder in "$STORE"/* "$CACHE"/toolchain/home-*; do
        is_present "$folder" || { say "removing $folder" && rm -rf "$folder"; }
    done
}

# is_present FOLDER: whether it belongs to the present pins.
is_present() {
    [ "$1" != "$TOOLS_HOME" ] || return 0
    for part in $(all_parts); do
        [ "$1" != "$(stored "$part")" ] || return 0
    done
    return 1
}

# quote WORD: one word for sh.
quote() {
    case $1 in
    *\'*) printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf "'%s'" "$1" ;;
    esac
}
