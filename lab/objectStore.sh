# shellcheck shell=bash
# A server of S3 in the workshop, over TLS by the lab's own authority: for what an app keeps off its server.

store_access_key=lab-store
store_secret_key=c2VjcmV0IG9mIHRoZSBsYWIgYWxvbmU

# Sees to it that the store of lab $1 runs, and prints where it is.
store_start() {
    local folder program
    folder=$(host_folder "$1" workshop)
    host_exec "$folder" systemctl is-active --quiet object-store </dev/null || {
        "$(lab_home)/../toolchain/toolchain" ensure --quiet versitygw >&2
        program=$("$(lab_home)/../toolchain/toolchain" path versitygw)
        host_exec "$folder" sh -c 'cat >/usr/local/bin/versitygw && chmod 755 /usr/local/bin/versitygw && mkdir -p /var/lib/object-store/objects /var/lib/object-store/attributes' <"$program"
        # Where a file system knows no attributes of users' own, they are in a folder beside the objects.
        host_exec "$folder" systemd-run --quiet --collect --unit object-store --setenv "ROOT_ACCESS_KEY_ID=$store_access_key" --setenv "ROOT_SECRET_ACCESS_KEY=$store_secret_key" \
            /usr/local/bin/versitygw --port :7070 --cert /etc/docker/registry/tls.crt --key /etc/docker/registry/tls.key --quiet \
            posix --sidecar /var/lib/object-store/attributes /var/lib/object-store/objects </dev/null
    }
    host_wait "$folder" 10 bash -c '</dev/tcp/127.0.0.1/7070' ||
        die "the object store of lab $1 does not start: see lab exec $1 workshop journalctl -u object-store"
    printf '{ "url": "https://%s:7070", "caCertificate": "%s/ca/ca.pem", "accessKeyId": "%s", "secretAccessKey": "%s" }\n' \
        "$(names_server "$1")" "$(lab_folder "$1")" "$store_access_key" "$store_secret_key"
}
