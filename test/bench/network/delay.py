"""Holds back what this machine sends to one address, so that a round trip takes longer: delay.py ADDRESS MILLISECONDS

A rule of routing leads packets for ADDRESS into a TUN device; here they are read, held, and sent on by a raw socket whose mark the rule
lets pass. Answers come straight. Needs root. Prints the device's name once it works, and ends with its standard input or at a signal.

Nothing of it can lie in the way: the device goes with the process, the route with the device, and a rule that a killed one has left
leads into a table that is empty.
"""

import collections
import contextlib
import fcntl
import ipaddress
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
# Before the rule of the main table, which has 32766.
PREFERENCE = "10213"
# Packets that are read before those that are due are looked at again.
BATCH = 64


def main(address, milliseconds):
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(1))
    device, name = open_device()
    # As a number the address is the mark and the table of this relay, and of no other one.
    number = int(ipaddress.IPv4Address(address))
    with leading_into(name, address, str(number)):
        print(name, flush=True)
        relay(device, address, number, float(milliseconds) / 1000)


def open_device():
    """Opens a new TUN device, which goes when it is closed. Returns its file descriptor and its name."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    answer = fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"dlgrdelay%d", IFF_TUN | IFF_NO_PI))
    return device, answer[:16].rstrip(b"\0").decode()


@contextlib.contextmanager
def leading_into(name, address, number):
    """While it lasts, packets for the address go into the device, unless they are marked with the number."""
    rule = ["pref", PREFERENCE, "not", "fwmark", number, "lookup", number]
    subprocess.run(["ip", "rule", "del", *rule], check=False, capture_output=True)
    [way] = json.loads(ip("-json", "route", "get", address))
    with open(f"/sys/class/net/{way['dev']}/mtu") as file:
        mtu = file.read().strip()
    # Too long a queue delays, too short a one loses packets.
    ip("link", "set", name, "mtu", mtu, "txqueuelen", "5000", "up")
    ip("route", "add", f"{address}/32", "dev", name, "src", way["prefsrc"], "table", number)
    with accepting_detours(way["dev"]):
        ip("rule", "add", *rule)
        try:
            yield
        finally:
            ip("rule", "del", *rule)


@contextlib.contextmanager
def accepting_detours(device):
    """While it lasts, a strict reverse path filter does not drop answers for coming another way than their questions went."""
    setting = f"/proc/sys/net/ipv4/conf/{device}/rp_filter"
    with open(setting) as file:
        former = file.read()
    with open(setting, "w") as file:
        file.write("2")
    try:
        yield
    finally:
        with open(setting, "w") as file:
            file.write(former)


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"delay.py: ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def relay(device, address, number, delay):
    """Sends on what comes out of the device, each packet so many seconds after it came, until standard input ends."""
    # All are held for the same time: they are due in the order in which they came.
    held = collections.deque()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, number)
        while True:
            wait = max(0, held[0][0] - time.monotonic()) if held else None
            ready, _, _ = select.select([device, 0], [], [], wait)
            if 0 in ready and not os.read(0, 4096):
                return
            if device in ready:
                take(device, socket.inet_aton(address), delay, held)
            while held and held[0][0] <= time.monotonic():
                send(sender, held.popleft()[1], address)


def take(device, destination, delay, held):
    for _ in range(BATCH):
        try:
            packet = os.read(device, 65535)
        except BlockingIOError:
            return
        # The kernel itself says things to a new device, by IPv6.
        if packet[0] >> 4 == 4 and packet[16:20] == destination:
            held.append((time.monotonic() + delay, packet))


def send(sender, packet, address):
    try:
        sender.sendto(packet, (address, 0))
    except OSError as error:
        # Networks lose packets, and TCP sends them again; what is lost always has to be seen.
        print(f"delay.py: {len(packet)} bytes lost: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
