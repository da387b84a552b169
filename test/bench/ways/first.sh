#!/bin/sh
# A first deployment by hand: first.sh FOLDER APP HOSTNAME LAUNCH
# FOLDER has ssh.config, role.sql and the app's own folder; LAUNCH is the program that POSTs /launch in the web container.
set -eu
cd "$1"
app=$2
scp -q -r -p -F ssh.config "$app" server:
ssh -F ssh.config server docker exec -i -u postgres dlgr-server-postgres psql -X -q -v ON_ERROR_STOP=1 <role.sql
ssh -F ssh.config server "cd $app &&
    sudo install -d -m 700 -o 10001 -g 10001 /var/lib/dallinger/$app &&
    docker compose --progress quiet pull &&
    docker compose --progress quiet run --rm -T web dallinger-housekeeper initdb </dev/null &&
    docker compose --progress quiet up -d --wait --wait-timeout 180"
ssh -F ssh.config server "
    docker network connect $app dlgr-server-caddy &&
    sudo install -m 644 $app/site.caddy /srv/dallinger/server/caddy/sites/$app.caddy &&
    docker exec dlgr-server-caddy caddy reload --config /etc/caddy/Caddyfile --adapter caddyfile"
ssh -F ssh.config server "cd $app && docker compose exec -T web python3 - $3" <"$4"
