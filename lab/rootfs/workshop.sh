# shellcheck shell=sh
# Inside the new root folder: the operator's side of a lab, a Docker engine, a registry and a name server.

apt-get -q update
apt-get -q install -y --no-install-recommends systemd systemd-sysv dbus ca-certificates iproute2 \
    docker.io docker-cli docker-buildx docker-registry dnsmasq-base </dev/null
apt-get clean
rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt
update-ca-certificates

# /srv/lab is a folder of the machine: the operator's docker CLI talks to the socket there.
mkdir -p /etc/systemd/system/docker.service.d /etc/systemd/system/docker-registry.service.d
cat >/etc/systemd/system/docker.service.d/lab.conf <<'UNIT'
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H unix:///srv/lab/docker.sock --containerd=/run/containerd/containerd.sock
UNIT

# The key and the storage come from the machine, which has no user of the registry's.
cat >/etc/systemd/system/docker-registry.service.d/lab.conf <<'UNIT'
[Service]
User=root
Group=root
Environment=OTEL_TRACES_EXPORTER=none
UNIT
cat >/etc/docker/registry/config.yml <<'YAML'
version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: /var/lib/docker-registry }
  delete: { enabled: true }
http:
  addr: :5000
  tls: { certificate: /etc/docker/registry/tls.crt, key: /etc/docker/registry/tls.key }
YAML

# /srv/names is a folder of the machine, and the lab's addresses are in a file that each lab brings.
cat >/etc/lab-names.conf <<'CONF'
user=root
no-hosts
hostsdir=/srv/names
local=/lab.test/
conf-file=/etc/lab-addresses.conf
CONF
cat >/etc/systemd/system/names.service <<'UNIT'
[Unit]
Description=Name server of the lab
After=network.target

[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/etc/lab-names.conf

[Install]
WantedBy=multi-user.target
UNIT

systemctl mask systemd-networkd-wait-online.service systemd-modules-load.service systemd-firstboot.service \
    console-getty.service systemd-sysctl.service
systemctl enable docker.service docker-registry.service names.service
systemctl set-default multi-user.target
: >/etc/machine-id
