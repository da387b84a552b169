# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Takes the shared services off the server, and what was installed for them: remove keep|discard
# keep|discard is for backups that nobody has fetched: `keep` refuses while there are any. Fetched ones stay in either case of `keep`.
# shellcheck source=templates/shared/group.sh
. "$bin/group.sh"
# shellcheck source=templates/shared/packages.sh
. "$bin/packages.sh"
# shellcheck source=templates/server/engine.sh
. "$bin/engine.sh"

verb_remove() {
    [ "$1" = discard ] || refuse_unfetched
    with_server_lock close_server
    rm -rf "$root"/apps/.removed-* "$root"/apps/.claim-* # of removals and claims that were killed
    [ "$1" != discard ] || rm -rf "$backups"
    if command -v docker >/dev/null && [ -e "$server/compose.yaml" ]; then remove_services; fi
    if command -v docker >/dev/null; then remove_images; fi
    remove_trust
    leave_docker_group ""
    remove_restic
    remove_engine
    rmdir "$root/apps" /var/lib/dallinger 2>/dev/null || say "/var/lib/dallinger is not empty and stays"
    rmdir "$backups" 2>/dev/null || [ ! -e "$backups" ] || say "the fetched backups stay in $backups"
    rm -rf "$server"
    rmdir "$root" 2>/dev/null || [ -e "$backups" ]
}

# Without layout.json no app comes any more (templates/app/claim.sh), and without what was applied last, an `up` that comes instead
# of the rest of this applies all of it.
close_server() {
    refuse_apps
    rm -f "$server/layout.json" "$server/applied"
}

refuse_apps() {
    apps=
    for folder in "$root"/apps/*/; do
        [ -e "$folder" ] || continue
        apps="$apps$(basename "$folder") "
        ! claim_alone "${folder%/}" ||
            say "nothing was ever deployed behind the claim of $(basename "$folder"): if it is what an \`up\` has left that was killed, \`sudo ${folder}bin/app remove all 0\` on the server takes it away"
    done
    [ -z "$apps" ] || refuse "apps are still on this server: $apps- run \`./pulumi destroy\` in their stacks first"
}

refuse_unfetched() {
    unfetched=
    for backup in "$backups"/*/*/; do
        [ -e "$backup" ] || continue
        [ -e "$backup/fetched" ] || is_off_server "$backup" || unfetched="$unfetched $(basename "$(dirname "$backup")")/$(basename "$backup")"
    done
    [ -z "$unfetched" ] || refuse "backups that exist only on this server:$unfetched - fetch them with \`./ops/dallinger backups fetch\`, or give them up with \`./pulumi config set --path 'dallinger:server.discardBackups' true\` and \`./pulumi up\`"
}

remove_services() {
    say "stopping PostgreSQL and Caddy"
    docker compose --progress quiet -f "$server/compose.yaml" down --volumes --timeout 40 </dev/null >&2
    # A first deployment that failed may have begun with another version of PostgreSQL.
    volumes=$(docker_says volume ls -q --filter "label=dallinger.server=$(cat "$server/id")")
    for volume in $volumes; do docker volume rm "$volume" >/dev/null; done
}

# What is there by tag and by digest goes with the last of its names.
remove_images() {
    [ ! -e "$server/images" ] || sort -u "$server/images" | while read -r image; do
        docker image inspect "$image" </dev/null >/dev/null 2>&1 || continue
        docker image rm "$image" </dev/null >/dev/null 2>&1 || say "the image $image is in use and stays"
    done
}

remove_trust() {
    [ ! -e "$server/registries" ] || sort -u "$server/registries" | while read -r registry; do
        rm -f "/etc/docker/certs.d/$registry/ca.crt"
        rmdir "/etc/docker/certs.d/$registry" /etc/docker/certs.d /etc/docker 2>/dev/null || :
    done
}

# Packages that were installed for this server go, unless something else has come to use them; an engine that was there before stays,
# with all that is its.
remove_engine() {
    if [ ! -e "$server/packages" ]; then
        finish_unpacked "$server/packages"
        note_installed "$server/packages"
    fi
    [ -s "$server/packages" ] || return 0
    needing=$(needing_packages "$server/packages")
    if [ -n "$needing" ]; then
        say "what was installed for this server is needed by ${needing}and stays"
    elif installed_engine; then
        remove_installed_engine
    elif has_projects; then
        say "Docker Compose is used by other containers and stays"
    else
        say "removing Docker Compose, which was installed for this server"
        purge_packages "$server/packages"
    fi
}

# It was installed for backups of apps, which are gone.
remove_restic() {
    made=$server/restic-packages
    if [ ! -e "$made" ]; then
        finish_unpacked "$made"
        note_installed "$made"
    fi
    [ -s "$made" ] || return 0
    needing=$(needing_packages "$made")
    if [ -n "$needing" ]; then
        say "what was installed for backups is needed by ${needing}and stays"
    else
        say "removing restic, which was installed for backups"
        purge_packages "$made"
    fi
}

# has_projects: whether anybody has containers of Compose's; where docker does not answer, somebody may.
has_projects() {
    projects=$(docker_says ps -aq --filter label=com.docker.compose.project) || return 0
    [ -n "$projects" ]
}

# Whether what was installed is an engine, and not only what was missing beside one.
installed_engine() {
    grep -qxE 'docker\.io|docker-ce|moby-engine' "$server/packages"
}

# used_by_others: whether the engine has containers or volumes left. One that does not answer could have them; one that a purge which
# was broken off has taken away has nothing.
used_by_others() {
    command -v dockerd >/dev/null || return 1
    others=$(docker_says ps -aq && docker_says volume ls -q) || refuse "so it is not known who else uses Docker here, and it stays: run \`./pulumi destroy\` again when it answers"
    [ -n "$others" ]
}

remove_installed_engine() {
    if used_by_others; then
        say "Docker is used by other containers or volumes and stays"
        return
    fi
    say "removing Docker, which was installed for this server"
    systemctl stop docker.socket docker.service containerd.service 2>/dev/null || :
    remove_network
    purge_packages "$server/packages"
    # Either may be a disk of its own, which stays mounted and empty.
    for data in /var/lib/docker /var/lib/containerd; do
        if was_there "$data" || [ ! -d "$data" ]; then continue; fi
        find "$data" -mindepth 1 -delete
        rmdir "$data" 2>/dev/null || :
    done
    was_there /etc/docker || rm -rf /etc/docker
    rmdir /etc/cni/net.d /etc/cni 2>/dev/null || :
    [ ! -e "$server/group-made" ] || groupdel docker 2>/dev/null || :
    for file in /etc/apt/sources.list.d/docker.list /etc/apt/keyrings/docker.asc; do was_there "$file" || rm -f "$file"; done
}

# was_there PLACE: before anything was installed. An earlier version of this program has not noted it.
was_there() {
    [ -e "$server/places.before" ] && grep -qxF "$1" "$server/places.before"
}

# The engine leaves its bridge and its firewall rules behind. Those of others, which do not name it, stay.
remove_network() {
    ip link delete docker0 2>/dev/null || :
    for family in iptables ip6tables; do
        command -v "$family-restore" >/dev/null || continue
        "$family-save" 2>/dev/null | grep -vi docker | "$family-restore" || :
    done
}
