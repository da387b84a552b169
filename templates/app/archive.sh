# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after messages.sh and server.sh: the backup that the app $app begins with.

# require_no_backup OWNER: an app begins with the backup that its stack names. One that has left its server keeps its id: it must not
# begin anew, and be launched again, because somebody has not told which.
require_no_backup() {
    # The one that came last: the name of one that was sent here tells the time of another server.
    latest=$(find "$backups/$app" -mindepth 2 -maxdepth 2 -name owner -exec grep -qxF "$1" {} ';' -printf '%C@ %h\n' 2>/dev/null | sort -n | tail -n 1)
    latest=$(basename "$latest")
    [ -z "$latest" ] ||
        refuse "this stack has had $app on this server, and its data are in the backup $latest: to begin with them, \`./pulumi config set --path 'dallinger:experiment.archive' $latest\`, then \`./pulumi up\`; to begin with nothing, \`./pulumi destroy\` first"
}

# require_archive NAME: refuses one that is not on this server, or not what its checksums say. Its folder is then $archive.
require_archive() {
    archive=$backups/$app/$1
    sends="\`./ops/dallinger restore FOLDER\` sends the copy there that \`./ops/dallinger backups fetch\` has made"
    for part in SHA256SUMS database.dump rows; do
        [ -e "$archive/$part" ] || refuse "the backup $app/$1 that $app is to begin with (dallinger:experiment.archive) is not on this server: $sends"
    done
    (cd "$archive" && sha256sum --quiet --strict --check SHA256SUMS) >/dev/null 2>&1 ||
        refuse "the backup $app/$1 that $app is to begin with is damaged, its files on this server are not what their checksums say: $sends"
}
