# shellcheck shell=sh disable=SC2154 # variables of app.sh
# How the app is, with what is not as the stack says: status RELEASE [SITE [SCHEDULE]], words of the verb `check`. Only reads.
#
# As the server's verb `apps` has it: lines `memory CONTAINER USE`, a line `app NAME`, and after it a line `KEY VALUE` for whatever is
# found. What comes from the app stands behind its key, line by line. ops/status/serverStatus.ts says what it means.
# shellcheck source=templates/shared/telling.sh
. "$bin/telling.sh"
# shellcheck source=templates/app/verbs/check.sh
. "$bin/verbs/check.sh"

verb_status() {
    require_layout
    containers=$(docker_says ps -a --no-trunc --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
        --format '{{.ID}} {{.Label "com.docker.compose.service"}} {{.Names}} {{.Status}}') || exit 1
    ids=$(printf '%s\n' "$containers" | cut -d' ' -f1)
    tell_memory
    echo "app $app"
    tell_folder
    tell_containers
    tell_database
    tell_launch
    tell_participants
    tell_certificates
    tell_room
    tell_backups
    found=$(verb_check "$@")
    [ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/differs /'
    echo "whole yes"
}

tell_memory() {
    # shellcheck disable=SC2086 # a container a word
    [ -z "$ids" ] || docker stats --no-stream --format 'memory {{.Name}} {{.MemUsage}}' $ids 2>/dev/null || : # one has gone meanwhile
}

# Docker's one word for each, and then the rest of what it knows.
tell_containers() {
    [ -n "$ids" ] || return 0
    printf '%s\n' "$containers" | sed 's/^[^ ]* /container /'
    # shellcheck disable=SC2086 # a container a word
    docker inspect --format '{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.StartedAt}} {{.RestartCount}}' $ids 2>/dev/null | sed 's|^/|inspected |'
}

# Its bytes and the last answer. Where PostgreSQL does not answer neither is known.
tell_database() {
    size=$(printf "SELECT rolname || ' ' || pg_database_size(d.oid) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE datname = '%s';\n" "$database" | superuser postgres -At 2>/dev/null) || size="- unread"
    [ -z "$size" ] || echo "database $size"
    case $size in "$database "*) [ ! -e "$folder/database-made" ] || echo "answered $(last_answer)" ;; esac
}

tell_launch() {
    [ ! -e "$folder/launch-started" ] || echo "begun $(head -n 1 "$folder/launch-started")"
}

# By Dallinger's word, which the experiment can have a say in, or else by the table's.
tell_participants() {
    web=$(serving_web)
    summary=
    [ -z "$web" ] || summary=$(timeout 20 docker exec -i "$web" python3 -I -S - <"$bin/summary.py" 2>/dev/null | head -c 4000 | tr -cd '\040-\176')
    case $summary in
    '['*) printf 'summary %s\n' "$summary" ;;
    *) [ ! -e "$folder/database-made" ] || count_participants | sed 's/^/counted /' ;;
    esac
}

count_participants() {
    ask_database <<'SQL'
SELECT 'state ' || status::text || ' ' || count(*) FROM public.participant GROUP BY status;
SELECT 'end';
SQL
}

# Of each host name those that Caddy has, leaf first; or the one that the stack has brought.
tell_certificates() {
    kept=$(docker volume inspect --format '{{.Mountpoint}}' "$caddy-data" 2>/dev/null) || kept=/nowhere
    for host in $(sed -n '1s/^\(.*\) {$/\1/p' "$site" 2>/dev/null | tr -d ','); do
        if grep -q 'tls /etc/caddy/tls/certificate.pem ' "$server/caddy/Caddyfile"; then
            tell_certificate brought "$server/caddy/tls/certificate.pem"
        else
            for file in "$kept/caddy/certificates"/*/"$host/$host.crt"; do tell_certificate renewed "$file"; done
        fi
    done
}

# tell_certificate KIND FILE
tell_certificate() {
    [ ! -r "$2" ] || echo "certificate $host $1 $(head -c 30000 "$2" | base64 -w 0)"
}

# A disk each of those that the app fills.
tell_room() {
    place=$(docker_folder) || place=/
    df --output=size,avail,target -B 1 "$place" "$root" "$backups" /var/lib 2>/dev/null | sed 1d | sort -u | sed 's/^ */disk /;s/  */ /g'
}

tell_backups() {
    for sums in "$backups/$app"/*/SHA256SUMS; do
        [ -e "$sums" ] || continue
        backup=$(dirname "$sums")
        size=$(timeout 20 du -sB 1 "$backup" 2>/dev/null | cut -f 1)
        if [ -e "$backup/fetched" ]; then copy=fetched; else copy=here; fi
        ! is_off_server "$backup" || copy="$copy off-server"
        echo "backup $(basename "$backup") ${size:-unread} $copy"
    done
}
