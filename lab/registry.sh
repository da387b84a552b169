# shellcheck shell=bash
# The lab's registry: its certificate authority, and its storage, which starts as the finished images' where there are any.

registry_address() {
    printf '10.213.%s.2:5000\n' "$(cat "$(lab_folder "$1")/number")"
}

# Makes the certificate authority and the registry's certificate of lab $1, unless they are there.
registry_certify() {
    local folder address
    folder=$(lab_folder "$1")/ca
    [ ! -e "$folder/complete" ] || return 0
    address=$(registry_address "$1")
    rm -rf "$folder"
    mkdir -p "$folder/trusted"
    chmod 700 "$folder"
    registry_key "$folder/ca"
    openssl req -x509 -new -key "$folder/ca.key" -days 3650 -subj "/CN=Certificate authority of the lab $1" \
        -addext keyUsage=critical,keyCertSign,cRLSign -out "$folder/ca.pem"
    registry_key "$folder/registry"
    openssl req -new -key "$folder/registry.key" -subj "/CN=Registry of the lab $1" |
        openssl x509 -req -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days 3650 -out "$folder/registry.pem" \
            -extfile <(printf 'subjectAltName=IP:%s\nextendedKeyUsage=serverAuth\n' "${address%:*}") 2>/dev/null
    # OpenSSL finds an authority in a folder by a file name made from its subject.
    cp "$folder/ca.pem" "$folder/trusted/$(openssl x509 -in "$folder/ca.pem" -noout -subject_hash).0"
    : >"$folder/complete"
}

registry_key() {
    (umask 077 && openssl ecparam -genkey -name prime256v1 -noout -out "$1.key")
}

# Adds to the workshop in folder $2 of lab $1 what its registry needs.
registry_equip() {
    local authority=$1/ca folder=$2 storage
    install -D -m 644 "$authority/registry.pem" "$folder/seed/etc/docker/registry/tls.crt"
    install -D -m 600 "$authority/registry.key" "$folder/seed/etc/docker/registry/tls.key"
    storage=$folder/registry
    mkdir -p "$storage/upper" "$storage/work"
    if [ -d "$(images_folder)" ]; then
        printf 'overlay /var/lib/docker-registry overlay lowerdir=%s,upperdir=%s,workdir=%s\n' \
            "$(images_folder)" "$storage/upper" "$storage/work"
        : >"$storage/stocked"
    else
        printf '%s /var/lib/docker-registry none bind\n' "$storage/upper"
    fi >>"$folder/mounts"
}
