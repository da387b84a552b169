# shellcheck shell=sh
# Run by serverState.ts on a server, as root: everything there that a deployment could change, a line each.
# Left out is what changes by itself: the journal, what logins and sudo note of themselves, the insides of containers.

label() { sed "s|^|$1: |"; }

# A file's time of change tells of every write; a folder has only what is in it.
files() {
    find / -xdev \( -path /var/log/journal -o -path /var/lib/docker -o -path /var/lib/containerd -o -path /var/lib/lastlog \
        -o -path /var/lib/wtmpdb -o -path '/var/log/?tmp*' -o -path /var/log/lastlog -o -path /srv/dallinger/server/lock \) -prune \
        -o -type d -printf '%y %m %u:%g %p\n' -o -printf '%y %m %u:%g %s %C@ %p %l\n'
    find /run /tmp /dev/shm -xdev \( -path /run/log -o -path /run/systemd -o -path '/run/user/*' -o -path '/run/docker*' \
        -o -path /run/containerd -o -path /run/motd.dynamic -o -path /run/sudo \
        -o -path '/tmp/runc-process*' \) -prune -o -printf '%y %m %u:%g %p\n'
}

# Without this script and what it has started itself.
processes() {
    ps -eo pid=,ppid=,user:20=,cgroup:400=,args= | awk -v own=$$ '
        { pid = $1; parent[pid] = $2; user = $3; group = $4; $1 = $2 = $3 = $4 = ""; sub(/^ +/, "") }
        group ~ /docker[-\/][0-9a-f]{64}/ || /sshd-session|runc/ { next }
        { sub(/\[listener\].*/, "[listener]"); line[pid] = pid " " user " " $0 }
        END {
            for (pid in line) {
                above = pid
                while (above > 0 && above != own) above = parent[above]
                if (above != own) print line[pid]
            }
        }'
}

containers() {
    docker container ls -aq | xargs -r docker container inspect --format '{{.Name}} {{.Image}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}}'
    docker image ls -a --no-trunc --format 'image {{.Repository}}:{{.Tag}} {{.ID}}'
    docker volume ls --format 'volume {{.Name}}'
    docker network ls --no-trunc --format 'network {{.Name}} {{.ID}}'
}

databases() {
    docker exec -u postgres dlgr-server-postgres psql -XAt \
        -c "SELECT 'database', datname, datdba::regrole, datacl, datconnlimit FROM pg_database" \
        -c "SELECT 'role', rolname, rolsuper, rolcanlogin, rolconnlimit, md5(rolpassword) FROM pg_authid"
}

files | sort -k 4 | label file
dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' | label package
getent passwd | label user
getent group | label group
ss -Hltnup | awk '{ print $1, $5, $7 }' | sort | label port
processes | sort -n | label process
if command -v docker >/dev/null; then
    containers | sort | label docker
    if [ -n "$(docker ps -q --filter name=dlgr-server-postgres)" ]; then databases | sort | label postgres; fi
fi
