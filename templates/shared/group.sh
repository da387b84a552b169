# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: who is in the group `docker`, which is as good as root. A user is in it for as long as an app's image is
# built by this server's engine, which docker reaches as that user (experiment.image.delivery: server).

# A line for each user who was not in the group before.
joined_users=$server/group-member

# settle_docker_group: those whom an app needs there, join; those who have joined for one, and are needed no more, leave. It counts
# from a user's next ssh connection on.
settle_docker_group() {
    getent group docker >/dev/null || return 0
    needed=$(cat "$root"/apps/*/docker-user 2>/dev/null || :) # no file: no app needs anybody
    for user in $needed; do
        if [ "$user" = root ] || ! id "$user" >/dev/null 2>&1 || in_docker_group "$user"; then continue; fi
        printf '%s\n' "$user" >>"$joined_users"
        usermod -aG docker "$user"
    done
    leave_docker_group "$needed"
}

in_docker_group() {
    id -nG "$1" | tr ' ' '\n' | grep -qx docker
}

# leave_docker_group USERS: all who have joined but these.
leave_docker_group() {
    [ -e "$joined_users" ] || return 0
    sort -u "$joined_users" | while read -r user; do
        if printf '%s\n' "$1" | grep -qxF "$user"; then
            printf '%s\n' "$user"
        elif id "$user" >/dev/null 2>&1 && in_docker_group "$user"; then
            gpasswd -d "$user" docker >/dev/null
        fi
    done >"$joined_users.left"
    mv "$joined_users.left" "$joined_users"
    [ -s "$joined_users" ] || rm "$joined_users"
}
