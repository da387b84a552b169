# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced first by the scripts in an app's bin folder: the app's names, and compose for its project.
# shellcheck disable=SC2034 # the scripts that source this file use these
folder=$(dirname "$bin")
app=$(basename "$folder")
# shellcheck source=templates/shared/messages.sh
. "$bin/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$bin/server.sh"
# shellcheck source=templates/shared/receive.sh
. "$bin/receive.sh"
# shellcheck source=templates/app/timeline.sh
. "$bin/timeline.sh"
database=app_$app
project=dlgr-app-$app
files=/var/lib/dallinger/$app
site=$server/caddy/sites/$app.caddy
# The web container that Caddy passes requests on to, as NAME:PORT: read at each request, so that another one takes over without
# a reload of Caddy.
upstream=$server/caddy/upstreams/$app
releases=$folder/releases
# Names the backup that the app begins with, until all of it is there (restore.sh).
restoring=$folder/restore-started

# use_release FOLDER: the release that compose, of_release, number_of and masked go by.
use_release() {
    release=$1
}
# The one that serves, a link; the verb `release` goes by another one while it brings that up.
use_release "$folder/current"

# compose ARGUMENT…: for the app's project as the release has it. Never standard input: compose would swallow what is meant for
# the script.
compose() {
    docker compose --progress quiet --project-name "$project" --project-directory "$folder" \
        -f "$release/compose.yaml" -f "$release/environment.yaml" "$@" </dev/null
}

# container SERVICE: the id of a service's newest running container, or nothing. Asked for each by itself: `docker ps` can still call
# one running that `docker stop` has ended a moment before.
container() {
    of_service=$(containers "$1") || return 1
    for id in $of_service; do
        running=$(docker inspect --format '{{.State.Running}}' "$id" 2>&1) || case $running in
        *[Nn]'o such '*) continue ;; # it has gone meanwhile
        *)
            docker_says inspect "$id" >/dev/null
            return 1
            ;;
        esac
        if [ "$running" = true ]; then
            echo "$id"
            return
        fi
    done
}

# containers SERVICE…: the ids of the services' containers, running or not. Fails where docker does not answer.
containers() {
    for service in "$@"; do
        docker_says ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$service" --filter label=com.docker.compose.oneoff=False || return 1
    done
}

# of_release SERVICE yes|no: ids of the service's containers that are, or are not, made from what the release says: its list has
# a line "SERVICE HASH NUMBER" for each service.
of_release() {
    wanted=$(sed -n "s/^$1 \([^ ]*\) .*/\1/p" "$release/services")
    made=$(docker_says ps -a --no-trunc --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" \
        --filter label=com.docker.compose.oneoff=False --format '{{.ID}} {{.Label "dallinger.made-from"}}') || return 1
    printf '%s\n' "$made" | while read -r id hash; do
        [ -n "$id" ] || continue
        if [ "$hash" = "$wanted" ] && ! is_former "$id"; then answer=yes; else answer=no; fi
        [ "$answer" != "$2" ] || echo "$id"
    done
}

# is_former ID: whether the container is to end though it is the release's, because a restart (the verb `restart`) has begun. Behind the
# ids a line `proven` says that what takes their place has proved itself.
former=$folder/restart-started
is_former() {
    grep -qsxF "$1" "$former"
}

# number_of SERVICE: how many containers of it the release has.
number_of() {
    sed -n "s/^$1 [^ ]* //p" "$release/services"
}

# serving_web: the id of the web container that Caddy passes requests on to, if it runs.
serving_web() {
    [ -e "$upstream" ] || return 0
    docker_says ps -q --no-trunc --filter "label=com.docker.compose.project=$project" --filter "name=^/$(cut -d: -f1 "$upstream")\$"
}

# process_of SERVICE: the id of the container in which that process of the app runs; of webs, that of the one that serves.
process_of() {
    case $1 in
    web) serving_web ;;
    *) container "$1" ;;
    esac
}

# in_container ID FILE ARGUMENT…: runs a Python program of ours in a container, which has Python and the app's networks. Whatever calls
# itself Python there: it ends within a quarter of an hour, longer than any of ours takes, and fills no disk with its complaints.
in_container() (
    id=$1
    program=$2
    shift 2
    exec_within=900
    ulimit -f 8192
    container_exec "$id" python3 - "$@" <"$bin/$program"
)

# Whether Redis has its data. Where docker does not answer it counts as one that has not: what is done then, docker does not do.
redis_there() {
    docker volume inspect "$project-redis" >/dev/null 2>&1
}

# masked: standard input without the app's secrets, in lines an operator can read. Without the list of them nobody knows which they are.
masked() {
    masked_by "$release/secrets" 400
}

# masked_by LISTS BYTES [yes]: by several lists, in lines of so many bytes at most, and with `yes` each as soon as it comes. A line that
# was cut at 16384 bytes loses its end, which may be the beginning of a secret.
masked_by() {
    # shellcheck disable=SC2046 # options
    LC_ALL=C awk $(read_at_once "${3:-}") -v lists="$1" -v width="$2" -v at_once="${3:-}" '
        BEGIN {
            for (lists = split(lists, list, " "); lists && !kept_back; lists--) {
                texts = 0
                while ((getline line < list[lists]) > 0) if (length(line) > 3) {
                    texts++
                    if (!(line in known)) secret[++n] = line
                    known[line] = 1
                }
                if (!texts) kept_back = "(lines are kept back: " list[lists] ", the list of what is secret in them, cannot be read)"
            }
            if (kept_back) { print kept_back; n = 0 }
            # One may be a part of another, of another list.
            for (i = 2; i <= n; i++) for (j = i; j > 1 && length(secret[j]) > length(secret[j - 1]); j--) {
                line = secret[j]; secret[j] = secret[j - 1]; secret[j - 1] = line
            }
        }
        n {
            cut = length($0) >= 16384 ? length(secret[1]) : 0
            for (i = 1; i <= n; i++) {
                masked = ""
                while ((at = index($0, secret[i])) > 0) {
                    masked = masked substr($0, 1, at - 1) "[secret]"
                    $0 = substr($0, at + length(secret[i]))
                }
                $0 = masked $0
            }
            print substr($0, 1, cut && length($0) - cut < width ? length($0) - cut : width)
            if (at_once) fflush()
        }'
}

# secret_lists: what is secret in logs, for masked_by: of every release that is kept, or of none where there is none, which keeps all lines
# back; and of those that were.
former_secrets=$folder/former-secrets
secret_lists() {
    for kept in "$releases"/*; do printf '%s/secrets ' "$kept"; done
    ! grep -qs .... "$former_secrets" || printf '%s' "$former_secrets"
}

# Only PostgreSQL's own answer counts: taken for "no" while it does not answer, data would be dropped without a backup.
database_exists() {
    found=$(printf "SELECT count(*) FROM pg_database WHERE datname = '%s';\n" "$database" | superuser postgres -At) ||
        refuse "PostgreSQL does not answer on this server: \`docker logs $postgres\` there says why"
    [ "$found" = 1 ]
}

# One that was there before the app, which the verb `database` has refused, is somebody else's: neither saved nor dropped.
owns_database() {
    [ -e "$folder/database-made" ] && database_exists
}
