# shellcheck shell=sh
# On a bare server: equip.sh REGISTRY IMAGE…: what one that has been in use has.
registry=$1
shift

export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends docker.io docker-cli docker-compose iptables </dev/null
for image; do
    docker pull -q "$registry/$image" </dev/null
    docker tag "$registry/$image" "$image"
    docker rmi "$registry/$image" >/dev/null
done

apt-get clean
systemctl stop docker.socket docker.service containerd.service
# What was this server's own: the next ones have their own.
rm -rf /var/lib/apt/lists/* /var/log/journal /var/log/apt /var/log/*.log "/etc/docker/certs.d/$registry" /etc/ssh/ssh_host_* \
    /var/lib/docker/engine-id /home/debian/.ssh /etc/machine-id /etc/hostname /etc/hosts /etc/resolv.conf
sync
