# shellcheck shell=sh disable=SC2154 # variables of server.sh
# Takes the copy of a backup that an operator sends back, as a tar archive on standard input: upload APP/NAME BYTES
# It appears under its name when every file is what its checksum says, and counts as fetched. The same one can be sent again.

verb_upload() {
    target=$backups/$1
    shelf=$(dirname "$target")
    incoming=$shelf/.uploading
    require_layout
    install -d -m 700 "$shelf"
    # On the folder itself: a file would keep it from being removed when it is empty.
    exec 9<"$shelf"
    flock -n 9 || refuse "somebody else is sending a backup to $shelf at this moment: wait for it, then repeat"
    trap 'rm -rf "$incoming"; rmdir "$shelf" 2>/dev/null || :' EXIT
    rm -rf "$incoming"
    require_room "$2"
    mkdir -m 700 "$incoming"
    tar -C "$incoming" --no-same-owner -xf - || refuse "the backup has not arrived whole, and nothing of it is kept: repeat the command"
    (cd "$incoming" && sha256sum --quiet --strict --check SHA256SUMS) >/dev/null 2>&1 ||
        refuse "the backup has not arrived as its checksums say, and nothing of it is kept: repeat the command"
    shelve
}

# A database restored takes about as much room again, and a full disk stops the databases of every app.
require_room() {
    free=$(free_bytes "$backups")
    is_number "$free" || refuse "it cannot be read on the server how much is free in $backups: \`df $backups\` there says why"
    [ "$free" -ge $((2 * $1)) ] ||
        refuse "a backup of $(($1 / 1048576)) MiB needs twice as much room on the server, where $((free / 1048576)) MiB are free: remove what is not needed (\`sudo docker image prune -a\`), then repeat the command"
}

# What the copy says of a repository is from when it was fetched.
shelve() {
    rm -rf "$incoming/off-server"
    touch "$incoming/fetched"
    chmod -R go= "$incoming"
    find "$incoming" -exec sync {} +
    if [ -e "$target" ]; then
        cmp -s "$target/SHA256SUMS" "$incoming/SHA256SUMS" || refuse "$target on the server is another backup than the one that was sent: move it away there, then repeat the command"
        rm -rf "$target"
    fi
    mv "$incoming" "$target"
    sync "$shelf"
}
