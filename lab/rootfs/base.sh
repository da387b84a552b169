#!/usr/bin/env bash
# base.sh ROOT APT-SETTINGS MIRROR: makes ROOT a minimal Debian 13 from MIRROR (debootstrap's own when empty), with the given
# file of apt settings, and with the root certificates whose files stdin lists.
set -euo pipefail

root=$1 settings=$2 mirror=$3

debootstrap --variant=minbase trixie "$root" ${mirror:+"$mirror"} </dev/null
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/*.log
rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
: >"$root/etc/machine-id"
cp "$settings" "$root/etc/apt/apt.conf.d/90machine"
mkdir -p "$root/usr/local/share/ca-certificates"
while read -r certificate; do
    cp "$certificate" "$root/usr/local/share/ca-certificates/"
done
