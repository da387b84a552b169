# shellcheck shell=bash
# Authorities that issue certificates by ACME: Pebbles, in the workshop, each started when somebody asks for it. They look names up at the
# lab's name server and ask at the ports that public authorities ask at. What each signs with is new at each start.
#
#   public    as most authorities are
#   other     the same, with a root of its own
#   short     its certificates are good for four minutes
#   members   its certificates too, and only those get some who have an account there, the one below

acme_member=kid-1
acme_member_key=bGFiLW1lbWJlcnMta2V5LW9mLW5vYm9keS1hdC1hbGw

acme_certificate() {
    case $2 in
    public) printf '%s/acme-ca.pem\n' "$(lab_folder "$1")" ;;
    *) printf '%s/acme-%s-ca.pem\n' "$(lab_folder "$1")" "$2" ;;
    esac
}

# Prints the last digits of the ports of authority $1: 14000 and 15000 are public's.
acme_number() {
    case $1 in
    public) echo 0 ;;
    other) echo 1 ;;
    short) echo 2 ;;
    members) echo 3 ;;
    *) die "there is no authority '$1': public, other, short or members" ;;
    esac
}

acme_unit() {
    case $1 in
    public) echo pebble ;;
    *) echo "pebble-$1" ;;
    esac
}

# Sees to it that authority $2 of lab $1 runs, and prints where it is.
acme_start() {
    local folder number program unit
    number=$(acme_number "$2")
    unit=$(acme_unit "$2")
    folder=$(host_folder "$1" workshop)
    host_exec "$folder" systemctl is-active --quiet "$unit" </dev/null || {
        "$(lab_home)/../toolchain/toolchain" ensure --quiet pebble >&2
        program=$("$(lab_home)/../toolchain/toolchain" path pebble)
        # Another authority may run it.
        host_exec "$folder" sh -c "cat >/usr/local/bin/.$unit && chmod 755 /usr/local/bin/.$unit && mv /usr/local/bin/.$unit /usr/local/bin/$unit" <"$program"
        acme_configuration "$2" "$number" | host_exec "$folder" sh -c "cat >/etc/$unit.json"
        # It must not sleep between looks, nor refuse one request in twenty, as it does to try its clients.
        host_exec "$folder" systemd-run --quiet --collect --unit "$unit" --setenv PEBBLE_VA_NOSLEEP=1 --setenv PEBBLE_WFE_NONCEREJECT=0 \
            "/usr/local/bin/$unit" -config "/etc/$unit.json" -dnsserver 127.0.0.1:53 </dev/null
    }
    host_wait "$folder" 10 bash -c "</dev/tcp/127.0.0.1/1400$number && </dev/tcp/127.0.0.1/1500$number" ||
        die "the ACME authority of lab $1 does not start: see lab exec $1 workshop journalctl -u $unit"
    acme_trust "$1" "$2" "$number"
    acme_describe "$1" "$2" "$number"
}

# The registry's certificate is one for the workshop's address. Without pauses: nobody else asks it.
acme_configuration() {
    local validity=7776000 members=
    case $1 in
    short) validity=240 ;;
    members)
        validity=240
        members="\"externalAccountBindingRequired\": true, \"externalAccountMACKeys\": { \"$acme_member\": \"$acme_member_key\" },"
        ;;
    esac
    cat <<-JSON
	{
	  "pebble": {
	    "listenAddress": "0.0.0.0:1400$2",
	    "managementListenAddress": "0.0.0.0:1500$2",
	    "certificate": "/etc/docker/registry/tls.crt",
	    "privateKey": "/etc/docker/registry/tls.key",
	    "httpPort": 80,
	    "tlsPort": 443,
	    "retryAfter": { "authz": 1, "order": 1 },
	    "keyAlgorithm": "ecdsa",
	    $members
	    "profiles": { "default": { "description": "the only one", "validityPeriod": $validity } }
	  }
	}
	JSON
}

# Keeps what a client has to trust: who has signed the certificate of its address, and who signs what it issues.
acme_trust() {
    local ca file
    ca=$(lab_folder "$1")/ca/ca.pem
    file=$(acme_certificate "$1" "$2")
    { cat "$ca" && curl -sSf --noproxy '*' --cacert "$ca" "https://$(names_server "$1"):1500$3/roots/0"; } >"$file.partial"
    mv "$file.partial" "$file"
}

acme_describe() {
    local account=
    [ "$2" != members ] || account=", \"externalAccount\": \"$acme_member\", \"macKey\": \"$acme_member_key\""
    printf '{ "directory": "https://%s:1400%s/dir", "management": "https://%s:1500%s", "caCertificate": "%s"%s }\n' \
        "$(names_server "$1")" "$3" "$(names_server "$1")" "$3" "$(acme_certificate "$1" "$2")" "$account"
}
