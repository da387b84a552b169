# shellcheck shell=sh disable=SC2154 # variables of app.sh
# What on this server is not as the stack says: check RELEASE [SITE [SCHEDULE]], a line each; nothing when all is. Only reads.
# SITE is the SHA-256 sum of the site file that the stack's state has, SCHEDULE that of what was last sent of its backups; `none` is none.
# shellcheck source=templates/shared/differences.sh
. "$bin/differences.sh"
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"
# shellcheck source=templates/shared/failure.sh
. "$bin/failure.sh"

verb_check() {
    serving=$(basename "$(readlink "$folder/current" || echo none)")
    [ "$serving" = "$1" ] || echo "release: $serving serves, and the stack's is $1"
    check_shared
    check_unfinished
    check_database
    [ ! -e "$folder/current" ] || check_containers
    check_site "${2:-}"
    check_schedule "${3:-}"
    failed_backup "$folder" | while read -r time && read -r reason; do echo "backups: at $time $reason"; done
}

# check_schedule SCHEDULE
check_schedule() {
    last=$(cat "$folder/schedule-applied" 2>/dev/null || echo none)
    [ -z "$1" ] || [ "$last" = "$1" ] || echo "backups: what is scheduled is not what the stack has sent"
    # A repository alone has no units.
    [ "$last" != none ] && [ -e "$folder/schedule" ] || return 0
    for unit in "$folder"/schedule/*.*; do
        cmp -s "$unit" "$units/$(basename "$unit")" || echo "backups: $units/$(basename "$unit") is not what the stack has put there"
    done
    systemctl is-active --quiet "$unit_name.timer" || echo "backups: $unit_name.timer is not active"
}

# What a deployment that broke off has not come to.
check_unfinished() {
    [ -e "$folder/database-applied" ] || echo "database: a deployment has not come to its end"
    [ ! -e "$folder/initdb-started" ] || echo "database: making the tables has not come to its end"
    [ ! -e "$restoring" ] || echo "database: restoring $(cat "$restoring") has not come to its end"
}

check_database() {
    owner=$(printf "SELECT r.rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE datname = '%s';\n" "$database" | superuser postgres -At 2>/dev/null) || return 0
    case $owner in
    "$database") ;;
    '') echo "database: $database is missing" ;;
    *) echo "database: $database is owned by $owner" ;;
    esac
}

# Each service of the release, as many as it should be, made from what it says, running and healthy.
check_containers() {
    image=$(cat "$release/image")
    docker image inspect "$image" >/dev/null 2>&1 || echo "image: $image is missing"
    while read -r service hash number; do
        check_service "$service" "$hash" "$number"
    done <"$release/services"
    known=$(cut -d' ' -f1 "$release/services" | tr '\n' ' ')
    docker ps -a --filter "label=com.docker.compose.project=$project" --format '{{.Label "com.docker.compose.service"}} {{.Names}}' | while read -r service name; do
        case " $known " in *" $service "*) ;; *) echo "$service: $name is not of the release" ;; esac
    done
}

# check_service SERVICE HASH NUMBER
check_service() {
    good=0
    for id in $(containers "$1"); do
        found=$(docker inspect --format '{{index .Config.Labels "dallinger.made-from"}} {{.State.Status}}{{if .State.Health}}, {{.State.Health.Status}}{{end}}' "$id")
        name=$(docker inspect --format '{{.Name}}' "$id" | cut -c 2-)
        case $found in
        "$2 running" | "$2 running, healthy") good=$((good + 1)) ;;
        "$2 "*) echo "$1: $name is ${found#* }" ;;
        *) echo "$1: $name is made from something else" ;;
        esac
    done
    [ "$good" -eq "$3" ] || echo "$1: $good of $3 as they should be"
}

# check_site SITE
check_site() {
    cmp -s "$folder/site.caddy" "$site" || echo "site: $site is not what the stack has put there"
    [ -z "$1" ] || [ ! -e "$site" ] || [ "$(sha256sum <"$site" | cut -d' ' -f1)" = "$1" ] || echo "site: $site is another one than the stack's"
    check_caddy
    joined_caddy "$project" 2>/dev/null || echo "site: $caddy is not in the network $project"
    [ -n "$(serving_web)" ] || echo "site: it leads to no web that runs"
}
