# shellcheck shell=bash
# A bare server: Debian, systemd, sshd, the user debian with passwordless sudo, and nothing else.

# Creates server $2 of lab $1, unless it is there: a bare one, or one that was in use before, with `equipped` as $3.
server_create() {
    local lab=$1 kind=${3:-bare} folder layers type
    folder=$(host_folder "$1" "$2")
    [ ! -e "$folder/complete" ] || return 0
    rm -rf "$folder"
    layers=$(layer_stack server)
    [ "$kind" = bare ] || layers=$(equipped_folder)/root:$layers
    host_create "$folder" "$(server_address "$lab")" "$layers"
    names_resolver "$lab" >"$folder/seed/etc/resolv.conf"
    [ "$kind" = bare ] || host_docker "$folder" "$(equipped_folder)/docker"
    # Debian makes an RSA key as well, which takes longer than all else here.
    for type in ecdsa ed25519; do
        ssh-keygen -q -t "$type" -N '' -C "root@$2" -f "$folder/seed/etc/ssh/ssh_host_${type}_key"
    done
    cut -d ' ' -f 1,2 "$folder/seed/etc/ssh/ssh_host_ed25519_key.pub" >"$folder/hostkey"
    install -D -m 600 "$(lab_folder "$lab")/key.pub" "$folder/seed/home/debian/.ssh/authorized_keys"
    chmod 700 "$folder/seed/home/debian/.ssh"
    chown -R 1000:1000 "$folder/seed/home/debian"
    : >"$folder/complete"
}

# Prints the lowest free address of lab $1, from .11 up.
server_address() {
    local number host
    number=$(cat "$(lab_folder "$1")/number")
    for host in $(seq 11 254); do
        if ! grep -qsx "10.213.$number.$host" "$(lab_folder "$1")"/hosts/*/address; then
            printf '10.213.%s.%s\n' "$number" "$host"
            return
        fi
    done
    die "lab $1 has 244 servers: no address is left"
}

# Waits until one can log in to server $2 of lab $1.
server_wait() {
    local folder
    folder=$(host_folder "$1" "$2")
    # Not by trying to log in again and again: sshd bans who does that.
    host_wait "$folder" 30 systemctl is-active ssh || die "sshd of $2 does not start: see lab exec $1 $2 journalctl -b"
    server_ssh "$1" "$2" true </dev/null || die "cannot log in to $2: see lab exec $1 $2 journalctl -u ssh"
}

# Prints the names of the servers of lab $1 in the order of their addresses.
server_names() {
    local folder
    for folder in "$(lab_folder "$1")"/hosts/*/; do
        case $(basename "$folder") in workshop | laptop) continue ;; esac
        [ ! -e "$folder/complete" ] || printf '%s %s\n' "$(cut -d . -f 4 "$folder/address")" "$(basename "$folder")"
    done | sort -n | cut -d ' ' -f 2
}

# Runs ssh to server $2 of lab $1 with "${@:3}" as its command. It is the ssh of a researcher who looks after the server, and shares
# no option with the program's (components/remote/sshOptions.ts), so that what is wrong there cannot hide here.
server_ssh() {
    local folder known
    folder=$(host_folder "$1" "$2")
    known=$folder/known_hosts
    [ -s "$known" ] || printf '%s %s\n' "$(cat "$folder/address")" "$(cat "$folder/hostkey")" >"$known"
    ssh -F none -i "$(lab_folder "$1")/key" -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile="$known" \
        -o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes -o ConnectTimeout=10 -o LogLevel=ERROR \
        "debian@$(cat "$folder/address")" "${@:3}"
}

server_remove() {
    local folder
    folder=$(host_folder "$1" "$2")
    host_stop "$folder" "$(cat "$(lab_folder "$1")/number")"
    remove_folder "$folder"
}
