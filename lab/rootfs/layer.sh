#!/usr/bin/env bash
# layer.sh BASE LAYER RECIPE: runs RECIPE in a root folder made of BASE; what it changes is LAYER. In a mount namespace of its own.
set -euo pipefail

base=$1 layer=$2 recipe=$3
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

mount --make-rprivate /
root=$(mktemp -d)
mkdir -p "$layer.work"
mount -t overlay -o "lowerdir=$base,upperdir=$layer,workdir=$layer.work" overlay "$root"
mount -t sysfs sysfs "$root/sys"
mount_devices "$root"
mount_processes "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot "$root" /bin/sh -eus <"$recipe"
rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf"
umount -R "$root"
rmdir "$root"
