# shellcheck shell=bash
# The lab's name server, in the workshop. It knows the names below nip.io that stand for addresses of the lab, as nip.io itself would
# say them, and those below lab.test that somebody has added; all others it asks the machine's name servers for.

names_server() {
    printf '10.213.%s.2\n' "$(cat "$(lab_folder "$1")/number")"
}

# The folder of the added names: for each a file in the format of /etc/hosts.
names_folder() {
    printf '%s/names\n' "$(lab_folder "$1")"
}

# Adds to the workshop in folder $2 of lab $1 what its name server needs.
names_equip() {
    mkdir -p "$(names_folder "$1")"
    printf '%s /srv/names none bind\n' "$(names_folder "$1")" >>"$2/mounts"
    names_of_addresses "$(cat "$(lab_folder "$1")/number")" >"$2/seed/etc/lab-addresses.conf"
}

# Prints dnsmasq's lines for the addresses of lab number $1. The second of each keeps questions for other records than the address
# from being passed on.
names_of_addresses() {
    local host
    for host in $(seq 1 254); do
        printf 'address=/10-213-%s-%s.nip.io/10.213.%s.%s\n' "$1" "$host" "$1" "$host"
        printf 'local=/10-213-%s-%s.nip.io/\n' "$1" "$host"
    done
}

# Prints the resolv.conf of a server of lab $1.
names_resolver() {
    printf 'nameserver %s\n' "$(names_server "$1")"
    machine_resolver
}

# Has name $2 mean address $3 in lab $1: one of IPv4, or one of IPv6, or one of each.
names_add() {
    local folder file=$2
    folder=$(names_folder "$1")
    names_check "$2"
    case $3 in
    *:*) [[ $3 =~ ^[0-9a-f:]{3,39}$ ]] || die "'$3' is no IPv6 address in lower case" && file=$2+ ;;
    *) [[ $3 =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ ]] || die "'$3' is no IPv4 address" ;;
    esac
    # At once or not at all: it is read as soon as it is there. A name that begins with a dot is passed over.
    printf '%s %s\n' "$3" "$2" >"$folder/.$file"
    mv "$folder/.$file" "$folder/$file"
    wait_until 50 names_mean "$1" "$2" "$3" || die "the name server of lab $1 does not know $2: lab exec $1 workshop journalctl -u names"
}

names_remove() {
    names_check "$2"
    rm -f "$(names_folder "$1")/$2" "$(names_folder "$1")/$2+"
    { wait_until 50 names_mean "$1" "$2" '' && wait_until 50 names_mean "$1" "$2" '' 6; } || die "the name server of lab $1 still knows $2: lab exec $1 workshop journalctl -u names"
}

names_check() {
    [[ $1 =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+lab\.test$ ]] ||
        die "'$1' is no name of a lab's: use lower-case letters, digits and dashes, and .lab.test at the end"
}

# Whether name $2 has address $3 in lab $1. None when that is empty: of IPv4, or of family $4. getent leaves out the addresses of a family
# that this machine does not have.
names_mean() {
    local found family=${4:-4}
    case $3 in *:*) family=6 ;; esac
    # shellcheck disable=SC2016 # Perl's
    found=$(names_run "$1" perl -MSocket=:addrinfo,AF_INET,AF_INET6,SOCK_STREAM -e '
        my (undef, @found) = getaddrinfo($ARGV[0], "", { family => $ARGV[1] == 6 ? AF_INET6 : AF_INET, socktype => SOCK_STREAM });
        print +(getnameinfo($found[0]{addr}, NI_NUMERICHOST, NIx_NOSERV))[1] if @found' "$2" "$family" </dev/null)
    [ "$found" = "$3" ]
}

# Runs "${@:2}" on this machine, where the names of lab $1 are known: it alone sees another resolv.conf. Where names are looked up in
# other ways than by that file, they are not, here.
names_run() (
    local own server
    own=$(lab_folder "$1")/operator
    server="nameserver $(names_server "$1")"
    # The command may be of one that runs in this way already.
    [ "$(head -n 1 /etc/resolv.conf)" != "$server" ] || exec "${@:2}"
    mkdir -p "$own"
    { printf '%s\n' "$server" && cat /etc/resolv.conf; } | write_whole "$own/resolv.conf"
    sed 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf | write_whole "$own/nsswitch.conf"
    # shellcheck disable=SC2016 # the inner shell expands it
    exec unshare --mount --propagation slave sh -euc '
        for file in resolv.conf nsswitch.conf; do mount --bind "$1/$file" "/etc/$file"; done
        shift
        exec "$@"' sh "$own" "${@:2}"
)

# Standard input becomes file $1, at once. One that says so already stays: it may be mounted somewhere.
write_whole() {
    local partial=$1.$BASHPID
    cat >"$partial"
    if cmp -s "$partial" "$1"; then rm "$partial"; else mv "$partial" "$1"; fi
}
