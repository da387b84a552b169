# shellcheck shell=bash
# An authority that issues certificates by ACME: Pebble, in the workshop, started when somebody asks for it. It looks names up at the
# lab's name server and asks at the ports that public authorities ask at. What it signs with is new at each start.

acme_certificate() {
    printf '%s/acme-ca.pem\n' "$(lab_folder "$1")"
}

# Sees to it that the authority of lab $1 runs, and prints where it is.
acme_start() {
    local folder program
    folder=$(host_folder "$1" workshop)
    host_exec "$folder" systemctl is-active --quiet pebble </dev/null || {
        "$(lab_home)/../toolchain/toolchain" ensure --quiet pebble >&2
        program=$("$(lab_home)/../toolchain/toolchain" path pebble)
        host_exec "$folder" sh -c 'cat >/usr/local/bin/pebble && chmod 755 /usr/local/bin/pebble' <"$program"
        acme_configuration | host_exec "$folder" sh -c 'cat >/etc/pebble.json'
        # It must not sleep between looks, nor refuse one request in twenty, as it does to try its clients.
        host_exec "$folder" systemd-run --quiet --collect --unit pebble --setenv PEBBLE_VA_NOSLEEP=1 --setenv PEBBLE_WFE_NONCEREJECT=0 \
            /usr/local/bin/pebble -config /etc/pebble.json -dnsserver 127.0.0.1:53 </dev/null
    }
    host_wait "$folder" 10 bash -c '</dev/tcp/127.0.0.1/14000 && </dev/tcp/127.0.0.1/15000' ||
        die "the ACME authority of lab $1 does not start: see lab exec $1 workshop journalctl -u pebble"
    acme_trust "$1"
    acme_describe "$1"
}

# The registry's certificate is one for the workshop's address. Without pauses: nobody else asks it.
acme_configuration() {
    cat <<-'JSON'
	{
	  "pebble": {
	    "listenAddress": "0.0.0.0:14000",
	    "managementListenAddress": "0.0.0.0:15000",
	    "certificate": "/etc/docker/registry/tls.crt",
	    "privateKey": "/etc/docker/registry/tls.key",
	    "httpPort": 80,
	    "tlsPort": 443,
	    "retryAfter": { "authz": 1, "order": 1 },
	    "keyAlgorithm": "ecdsa",
	    "profiles": { "default": { "description": "as most authorities have it", "validityPeriod": 7776000 } }
	  }
	}
	JSON
}

# Keeps what a client has to trust: who has signed the certificate of its address, and who signs what it issues.
acme_trust() {
    local ca file
    ca=$(lab_folder "$1")/ca/ca.pem
    file=$(acme_certificate "$1")
    { cat "$ca" && curl -sSf --noproxy '*' --cacert "$ca" "https://$(names_server "$1"):15000/roots/0"; } >"$file.partial"
    mv "$file.partial" "$file"
}

acme_describe() {
    printf '{ "directory": "https://%s:14000/dir", "management": "https://%s:15000", "caCertificate": "%s" }\n' \
        "$(names_server "$1")" "$(names_server "$1")" "$(acme_certificate "$1")"
}
