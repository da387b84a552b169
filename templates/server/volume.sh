# shellcheck shell=sh disable=SC2154,SC2034 # variables of the scripts that source this, and for them
# Sourced by the verb `services`: the volume that PostgreSQL's files are in. No major version reads another's.

# choose_volume IMAGE COMPOSE: COMPOSE is the file by which the services were made that serve. Afterwards $postgres_volume and $postgres_folder are the volume's name and where IMAGE wants it. Refuses an
# image that cannot read what is there, before anything is changed.
choose_volume() {
    major=$(postgres_major "$1")
    postgres_volume=$(volume_in_use "$2")
    [ -n "$postgres_volume" ] || postgres_volume=dlgr-server-postgres-$major
    held=$(version_in "$postgres_volume")
    if [ -n "$held" ] && [ "$held" != "$major" ]; then
        refuse "the databases on this server are PostgreSQL $held's, and $1 is PostgreSQL $major, which cannot read them; nothing was changed: \`./pulumi config set --path 'dallinger:server.images.postgres' postgres:$held\`, or another image of that version, then run \`./pulumi up\` again"
    fi
    postgres_folder=/var/lib/postgresql
    [ "$major" -ge 18 ] || postgres_folder=/var/lib/postgresql/data
}

# volume_in_use COMPOSE: as long as a server was never ready, no app can have put anything into a volume.
volume_in_use() {
    [ -e "$server/layout.json" ] || return 0
    sed -n 's/^ *"\{0,1\}name"\{0,1\}: "\{0,1\}\(dlgr-server-postgres-[0-9]*\)"\{0,1\}$/\1/p' "$1"
}

# postgres_major IMAGE: what the image says of itself, else what its PostgreSQL says.
postgres_major() {
    said=$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$(wanted_image "$1")" | sed -n 's/^PG_MAJOR=\([0-9]*\)$/\1/p')
    [ -n "$said" ] || said=$(docker run --rm --pull never --network none --entrypoint postgres "$(wanted_image "$1")" --version </dev/null 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
    [ -n "$said" ] || refuse "$1 does not say which PostgreSQL it is: see dallinger:server.images.postgres"
    printf '%s\n' "$said"
}

# version_in VOLUME: the major version whose files it holds; nothing when it is empty or not there. Since 18 they are in a folder
# named after it.
version_in() {
    volumes=$(docker volume ls -q)
    printf '%s\n' "$volumes" | grep -qxF "$1" || return 0
    place=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
    [ -d "$place" ] || refuse "the volume $1 cannot be read: \`sudo docker volume inspect $1\` on the server says where it should be"
    for file in "$place/PG_VERSION" "$place"/*/docker/PG_VERSION; do
        [ ! -e "$file" ] || cat "$file"
    done | tail -n 1
}
