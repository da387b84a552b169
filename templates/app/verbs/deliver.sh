# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Talks with the operator's machine about an image that no registry has: deliver HASH NAME MEBIBYTES
#
# Prints "there ID" when this server has the image that was made from that content. Else prints "missing" and waits for a line of
# standard input: "pull IMAGE" from a registry that is reached through the connection, or "built", here by the operator's docker.
# shellcheck source=templates/app/space.sh
. "$bin/space.sh"
# shellcheck source=templates/app/pull.sh
. "$bin/pull.sh"

verb_deliver() {
    hash=$1
    name=$2
    require_layout
    # What is brought is in no file before it is there: nobody prunes images meanwhile.
    name_run
    ln -sfn "$run" "$folder/delivering"
    if tell_id; then return; fi
    require_space "$3" "the image $name"
    echo missing
    read -r verb image || return 0 # nobody is there any more
    if [ "$verb" = pull ]; then pull "$image"; fi
    tell_id || refuse "docker has ended well, and this server does not have the image $name: run \`./pulumi up\` again"
}

# The image that serves comes first: two that were made from the same content at different times are not the same.
tell_id() {
    for image in $(cat "$folder/current/image" 2>/dev/null) $(docker image ls -q --no-trunc --filter "label=dallinger.content-hash=$hash"); do
        found=$(docker image inspect --format '{{index .Config.Labels "dallinger.content-hash"}} {{.Id}}' "$image" 2>/dev/null) || continue
        [ "${found%% *}" = "$hash" ] || continue
        with_server_lock want_image "${found#* }" || continue
        printf 'there %s\n' "${found#* }"
        return
    done
    return 1
}

# The registry is there for as long as the connection is: the image gets a name of this server's own, and loses that of the registry.
pull() {
    case $1 in
    127.0.0.1:*/*@sha256:*) ;;
    *) refuse "deliver pulls from this machine's loopback only, and not $1" ;;
    esac
    say "the server pulls the image $name through the connection"
    timeout 3600 docker pull -q "$1" </dev/null >/dev/null 2>"$folder/log/pull.log" || {
        tail -n 3 "$folder/log/pull.log" | cut -c1-400 >&2
        refuse "the server could not pull the image through the connection: the lines above are docker's; run \`./pulumi up\` again"
    }
    docker tag "$1" "$name"
    docker image rm "$1" >/dev/null 2>&1 || : # some engines take a name by digest away with the tag only
}
