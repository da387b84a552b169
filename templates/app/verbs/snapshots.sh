# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Prints which backups of the app its repository has, as restic tells them in JSON.
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"

verb_snapshots() {
    [ -e "$repository" ] || refuse "$app has no repository for its backups on this server (dallinger:experiment.backup.repository): \`./pulumi up\` brings it"
    install -d -m 700 "$folder/log"
    restic_seconds=120
    restic_at "$repository" snapshots --json --no-lock --host "$app" --tag "$(owner_tag)" 2>"$folder/log/restic.log" || {
        restic_words
        refuse "the repository $(cat "$repository/url") does not answer: the lines above say why"
    }
}
