# shellcheck shell=bash
# What the machine must be and have before a lab can run on it.

readonly elsewhere="use a Debian machine or virtual machine where you are root, or deploy to a server of your own"

# Dies with one line unless labs can run here; installs missing Debian packages.
machine_check() {
    [ "$(uname -s)" = Linux ] || die "servers of a lab are Linux namespaces: $elsewhere"
    [ "$(id -u)" -eq 0 ] || die "servers of a lab are made by root: run this with sudo, or $elsewhere"
    check_places
    machine_install_missing
    grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
        die "this kernel has no overlay file system: $elsewhere"
    mkdir -p "$(labs_folder)" "$(cache_folder)"
    [ "$(stat -f -c %T "$(labs_folder)")" != overlayfs ] ||
        die "$(labs_folder) is on an overlay, where Docker's overlay2 does not work: set DALLINGER_LAB_DIR to a folder on a disk"
    cgroup_check
}

# Prints the Debian packages whose commands are missing here.
machine_missing_packages() {
    local command package
    while read -r command package; do
        command -v "$command" >/dev/null || printf '%s\n' "$package"
    done <<-COMMANDS
	debootstrap debootstrap
	iptables iptables
	nft nftables
	ip iproute2
	openssl openssl
	ssh openssh-client
	ssh-keygen openssh-client
	sysctl procps
	nsenter util-linux
	COMMANDS
}

machine_install_missing() {
    local missing
    missing=$(machine_missing_packages | sort -u | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die "missing here: $missing(Debian's names): install them, or $elsewhere"
    say "installing Debian packages on this machine: $missing"
    # shellcheck disable=SC2086  # one word per package
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing; } \
        >/dev/null </dev/null || die "apt-get could not install $missing: install them by hand, or $elsewhere"
}

# The machine's own root certificates, one file per line: servers and builds of the lab need them to reach what it reaches.
machine_certificates() {
    find /usr/local/share/ca-certificates -name '*.crt' -type f 2>/dev/null | LC_ALL=C sort
}

# apt's settings for proxies and TLS, as lines of an apt.conf.
machine_apt_settings() {
    apt-config dump 2>/dev/null |
        grep -Ei '^Acquire::(https?|ftp)::([^ ]*::)?(Proxy|CaInfo|CaPath|Verify-Peer|Verify-Host)[^ ]* ".+";$' || true
}

# The Debian archive this machine uses; nothing when it uses none that has Debian's own suites.
machine_mirror() {
    grep -hsoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
        /etc/apt/sources.list.d/*.sources | sed -n '1s,/* *$,,p' || true
}

# Name servers of the machine that a server of the lab can reach too, as a resolv.conf.
machine_resolver() {
    local file
    for file in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
        grep -sqE '^nameserver' "$file" || continue
        grep -sqE '^nameserver (127\.|::1)' "$file" && continue
        cat "$file"
        return
    done
    die "this machine's name server is on its loopback, out of reach for servers: name another one in /etc/resolv.conf"
}
