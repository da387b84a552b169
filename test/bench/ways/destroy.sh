#!/bin/sh
# The end by hand, the database dumped first: destroy.sh FOLDER APP
set -eu
cd "$1"
app=$2
ssh -F ssh.config server "
    sudo rm /srv/dallinger/server/caddy/sites/$app.caddy &&
    docker exec dlgr-server-caddy caddy reload --config /etc/caddy/Caddyfile --adapter caddyfile"
ssh -F ssh.config server "cd $app &&
    docker compose --progress quiet stop web worker clock &&
    mkdir -p ../backups &&
    docker exec -u nobody dlgr-server-postgres pg_dump -U app_$app --format=custom app_$app >../backups/$app-\$(date -u +%Y%m%dT%H%M%SZ).dump"
ssh -F ssh.config server "cd $app &&
    docker network disconnect $app dlgr-server-caddy &&
    docker compose --progress quiet down -v &&
    docker exec -u postgres dlgr-server-postgres dropdb app_$app &&
    docker exec -u postgres dlgr-server-postgres dropuser app_$app &&
    cd .. && rm -r $app && sudo rm -r /var/lib/dallinger/$app"
