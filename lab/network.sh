# shellcheck shell=bash
# One bridge per lab on the machine, 10.213.NUMBER.0/24: .1 is the machine, .2 the workshop, .11 and up the servers.
# What all labs share (a route, two chains, forwarding) goes with the last lab, and is then as it was before the first.

labs_network() {
    printf '10.213.0.0/16\n'
}

lab_bridge() {
    printf 'dlgrlab%s\n' "$1"
}

# Gives lab $1 a network number that no other lab of this machine has, and keeps it in the lab's folder.
network_claim() {
    mkdir -p "$(machine_folder)"
    with_lock_on "$(machine_folder)" network_claim_locked "$1"
}

network_claim_locked() {
    local folder number
    folder=$(lab_folder "$1")
    if [ -s "$folder/number" ]; then
        ! network_owns "$folder" "$(cat "$folder/number")" || return 0
        # The machine has been restarted: the number is the lab's again once all of it is reserved.
        mv "$folder/number" "$folder/former-number"
    fi
    network_abandon "$folder"
    if [ -s "$folder/former-number" ]; then
        number=$(cat "$folder/former-number")
        network_reserve "$folder" "$number" || die "another lab has taken network 10.213.$number.0/24: lab down $1, then up again"
        mv "$folder/former-number" "$folder/number"
        return
    fi
    for number in $(seq 1 254); do
        if network_reserve "$folder" "$number"; then
            printf '%s\n' "$number" >"$folder/number"
            return
        fi
    done
    die "all 254 networks are taken: take a lab down"
}

# Whether number $2 is that of the lab in folder $1. One that is reserved and not in the lab's folder, because the reservation was
# interrupted, may have been refused by the control group: it is another lab's then.
network_owns() {
    [ "$(readlink "$(machine_folder)/$2")" = "$1" ] && [ "$(cat "$1/number" 2>/dev/null)" = "$2" ]
}

# Gives up what an interrupted reservation for the lab in folder $1 has left.
network_abandon() {
    local number
    for number in $(network_numbers "$1"); do
        network_owns "$1" "$number" || { cgroup_abandon "$number" && rm -f "$(machine_folder)/$number"; }
    done
}

# A symbolic link is made or not made, never half made, and says whose the number is. Machines that share this kernel in other
# namespaces do not see it: between them the control group decides, which all of them have.
network_reserve() {
    local link
    link=$(machine_folder)/$2
    ! link_exists "$(lab_bridge "$2")" && ln -sT "$1" "$link" 2>/dev/null || return 1
    cgroup_claim "$2" || { rm -f "$link" && return 1; }
}

network_up() {
    with_lock_on "$(machine_folder)" network_up_locked "$1"
}

network_up_locked() {
    local number=$1 bridge
    bridge=$(lab_bridge "$number")
    # First of all: a connection to a server that is gone must fail at once, and never leave the machine.
    ip route replace unreachable "$(labs_network)" metric 4000
    forwarding_on
    firewall_open
    firewall_admit "$number" "$bridge"
    link_exists "$bridge" || ip link add "$bridge" type bridge
    echo 1 >"/proc/sys/net/ipv6/conf/$bridge/disable_ipv6" 2>/dev/null || true
    ip link set "$bridge" mtu "$(network_mtu)" up
    # Without a route to all of the lab's network: each host gets its own, so that one that is not there is unreachable.
    ip addr replace "10.213.$number.1/24" dev "$bridge" noprefixroute
}

# The largest packet that leaves this machine whole.
network_mtu() {
    local device
    device=$(ip route show default | sed -n '1s/.* dev \([^ ]*\).*/\1/p')
    # No network knows how much fits through the loopback.
    ip -o link show dev "${device:-lo}" | sed -n 's/.* mtu \([0-9]*\) .*/\1/p' | sed 's/^[0-9]\{5,\}$/1500/'
}

link_exists() {
    ip link show dev "$1" >/dev/null 2>&1
}

# Undoes network_up and network_claim for lab $1; takes away what labs share when it was the last. Can be repeated.
network_down() {
    [ -d "$(machine_folder)" ] || return 0
    with_lock_on "$(machine_folder)" network_down_locked "$1"
}

network_down_locked() {
    local folder number
    folder=$(lab_folder "$1")
    for number in $(network_numbers "$folder"); do
        network_ports "$number" | xargs -rn 1 ip link del 2>/dev/null || true
        ip link del "$(lab_bridge "$number")" 2>/dev/null || true
        firewall_dismiss "$number"
        rm -f "$(machine_folder)/$number"
    done
    if [ -z "$(find "$(machine_folder)" -type l)" ]; then
        firewall_close
        forwarding_restore
        cgroup_restore
        ip route del unreachable "$(labs_network)" metric 4000 2>/dev/null || true
        rm -rf "$(machine_folder)"
    fi
}

# Prints the links that connect hosts to the bridge of lab number $1: they go with the hosts, but only some time later.
network_ports() {
    ip -o link show master "$(lab_bridge "$1")" 2>/dev/null | sed 's/^[0-9]*: \([^@:]*\).*/\1/'
}

# Prints the numbers reserved for the lab in folder $1 (one, or none).
network_numbers() {
    local link
    for link in "$(machine_folder)"/*; do
        [ "$(readlink "$link")" != "$1" ] || basename "$link"
    done
}

forwarding_settings() {
    sysctl -a --pattern '^net\.ipv4\.ip_forward$' 2>/dev/null
    # Switching ip_forward overwrites these.
    sysctl -a --pattern '^net\.ipv4\.conf\..*\.(forwarding|accept_redirects)$' 2>/dev/null
}

forwarding_on() {
    local saved
    saved=$(machine_folder)/forwarding
    if [ ! -s "$saved" ]; then
        forwarding_settings >"$saved.partial"
        mv "$saved.partial" "$saved"
    fi
    [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] || echo 1 >/proc/sys/net/ipv4/ip_forward
}

forwarding_restore() {
    local saved
    saved=$(machine_folder)/forwarding
    [ ! -s "$saved" ] || sysctl -q -e -p "$saved" >/dev/null 2>&1 || true
}

# Connects the host with address $2 and init $3 to the bridge of lab number $1. Its hardware address follows from the other one:
# a host with the address of one that has gone is found at once, whatever its neighbours remember.
network_plug() {
    local port
    port=$(lab_bridge "$1")-${2##*.}
    ip link add "$port" mtu "$(network_mtu)" master "$(lab_bridge "$1")" type veth \
        peer name eth0 mtu "$(network_mtu)" address "$(hardware_address "$2")" netns "$3"
    ip link set "$port" up
}

# Whether network_plug has come to its end for the host with address $2 of lab number $1.
network_plugged() {
    ip -o link show up dev "$(lab_bridge "$1")-${2##*.}" 2>/dev/null | grep -q .
}

hardware_address() {
    local a b c d
    IFS=. read -r a b c d <<<"$1"
    printf '02:00:%02x:%02x:%02x:%02x\n' "$a" "$b" "$c" "$d"
}

# Lets the machine reach the host with address $2 of lab number $1.
network_route() {
    ip route replace "$2/32" dev "$(lab_bridge "$1")" src "10.213.$1.1"
}

network_unplug() {
    ip route del "$2/32" dev "$(lab_bridge "$1")" 2>/dev/null || true
    ip link del "$(lab_bridge "$1")-${2##*.}" 2>/dev/null || true
}
