#!/bin/sh
# Another image by hand: code.sh FOLDER APP FORMER IMAGE
set -eu
cd "$1"
app=$2
sed -i "s|\"image\": \"$3\"\$|\"image\": \"$4\"|" "$app/compose.yaml"
scp -q -p -F ssh.config "$app/compose.yaml" "server:$app/"
ssh -F ssh.config server "cd $app &&
    docker compose --progress quiet pull &&
    docker compose --progress quiet up -d --wait --wait-timeout 180"
