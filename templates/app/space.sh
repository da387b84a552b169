# shellcheck shell=sh
# Sourced, after server.sh: room for an image before it is pulled. A full disk stops the databases of every app.

# require_space MEBIBYTES TEXT: refuses TEXT when less is free where Docker keeps its images, and names what could go.
require_space() {
    place=$(docker_folder) || place=/var/lib/docker
    free=$(free_bytes "$place")
    is_number "$free" || refuse "it cannot be read on the server how much is free in $place: \`df $place\` there says why"
    free=$((free / 1048576))
    [ "$free" -lt "$1" ] || return 0
    {
        echo "what could be pruned there:"
        # Neither is there everywhere, and the refusal counts.
        docker system df 2>/dev/null || :
        du -sh /srv/dallinger/backups /var/log/journal 2>/dev/null || :
    } >&2
    refuse "$2 needs more room: $free MiB are free in $place, and $1 MiB have to be (dallinger:experiment.limits.freeSpace). \`sudo docker image prune -a\` removes images that no container uses, \`sudo docker builder prune\` the build cache; then run \`./pulumi up\` again"
}
