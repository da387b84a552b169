#!/bin/sh
# Another setting by hand: settings.sh FOLDER APP KEY VALUE
set -eu
cd "$1"
app=$2
sed -i "s|^\( *\)\"$3\": .*|\1\"$3\": \"$4\"|" "$app/environment.yaml"
scp -q -p -F ssh.config "$app/environment.yaml" "server:$app/"
ssh -F ssh.config server "cd $app && docker compose --progress quiet up -d --wait --wait-timeout 180"
