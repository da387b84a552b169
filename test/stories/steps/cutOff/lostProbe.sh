#!/bin/sh
# lostProbe.sh STACK: `pulumi up` in a network namespace of its own, in which packets without content get lost, for a while, between the
# program and Pulumi. The program begins to wait for its first resource when it writes the file `waiting`, with Pulumi's port.
set -eu
ip link set lo up
rm -f waiting
pulumi up --yes --skip-preview --non-interactive --stack "$1" &
up=$!
until [ -s waiting ] || ! kill -0 "$up" 2>/dev/null; do sleep 0.2; done
# The first probe comes after 15 s of silence. Where packets get lost for 20 s and longer, the connection is cut whatever is done.
sleep 9
for end in sport dport; do
    iptables -A INPUT -i lo -p tcp "--$end" "$(cat waiting)" -m length --length 40:60 -j DROP
done
sleep 12
iptables -L INPUT -v -n -x | awk '/DROP/ { lost += $1 } END { print lost " packets lost" }'
iptables -F INPUT
wait "$up"
