# shellcheck shell=sh
# Run by closedRegistry.ts in the workshop, as root: a second registry beside the lab's, with its certificate, that lets in the users
# of standard input, a line "USER PASSWORD" each. Prints its address. Arguments: the lab's registry's address, and a port.
set -eu
address=${1%:*}:$2
folder=/run/closed-registry
systemctl stop closed-registry 2>/dev/null || : # left by an interrupted run
rm -rf "$folder"
mkdir -m 700 "$folder"
while read -r user password; do
    # bcrypt is all that the registry takes; its salt need not be a good one here.
    PASSWORD=$password perl -e 'print "$ARGV[0]:", crypt($ENV{PASSWORD}, q($2b$05$abcdefghijklmnopqrstuu)), "\n"' "$user"
done >"$folder/htpasswd"
cat >"$folder/config.yml" <<YAML
version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $folder/storage } }
auth: { htpasswd: { realm: closed, path: $folder/htpasswd } }
http:
  addr: :$2
  tls: { certificate: /etc/docker/registry/tls.crt, key: /etc/docker/registry/tls.key }
YAML
systemd-run --quiet --unit=closed-registry --setenv=OTEL_TRACES_EXPORTER=none docker-registry serve "$folder/config.yml"
install -D -m 644 "/etc/docker/certs.d/$1/ca.crt" "/etc/docker/certs.d/$address/ca.crt"
tries=0
until bash -c "</dev/tcp/127.0.0.1/$2" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { systemctl status closed-registry >&2 || :; exit 1; }
    sleep 0.1
done
echo "$address"
