# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after messages.sh and server.sh: the backup that the app $app begins with.

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
