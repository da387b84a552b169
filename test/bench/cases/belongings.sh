# shellcheck shell=sh
# Run by belongings.ts on a server, as root: what is there that apps could have brought, a line each, without what it holds.
docker container ls -a --format 'container {{.Names}}'
docker volume ls --format 'volume {{.Name}}' | sed -E 's/^volume [0-9a-f]{64}$/volume without a name/'
docker network ls --format 'network {{.Name}}'
docker image ls --format 'image {{.Repository}}:{{.Tag}}'
find /home /srv /var/lib/dallinger -mindepth 1 -printf 'path %p\n' 2>/dev/null
for server in dlgr-server-postgres:postgres dallinger-postgresql-1:dallinger; do
    docker exec "${server%:*}" psql -XAt -U "${server#*:}" -d postgres -F ' ' \
        -c "SELECT 'database', datname FROM pg_database" -c "SELECT 'role', rolname FROM pg_roles" 2>/dev/null
done
:
