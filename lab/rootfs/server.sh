# shellcheck shell=sh
# Inside the new root folder: what makes it a bare server.

apt-get -q update
apt-get -q install -y --no-install-recommends systemd systemd-sysv dbus openssh-server sudo ca-certificates iproute2 </dev/null
apt-get clean
rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /etc/ssh/ssh_host_*
update-ca-certificates

# No password, but not locked either: sshd would refuse a locked account its key.
useradd --create-home --shell /bin/bash --uid 1000 --password '*' debian
printf 'debian ALL=(ALL) NOPASSWD:ALL\n' >/etc/sudoers.d/90-debian
chmod 440 /etc/sudoers.d/90-debian
# VERBOSE, so that a test can count connections in the journal.
printf 'LogLevel VERBOSE\nPermitRootLogin no\nPasswordAuthentication no\n' >/etc/ssh/sshd_config.d/lab.conf

# The machine's network is there before systemd; the first one would hold docker.service back for ever.
systemctl mask systemd-networkd-wait-online.service systemd-modules-load.service systemd-firstboot.service \
    console-getty.service systemd-sysctl.service
systemctl enable ssh.service
systemctl set-default multi-user.target
: >/etc/machine-id
