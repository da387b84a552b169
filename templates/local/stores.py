"""Waits for what an experiment's processes need: they start beside it, and after a reboot in whatever order."""

import os
import socket
import sys
import time
from urllib.parse import urlsplit

# Variables by which Dallinger finds them, and the ports that count where those name none.
STORES = (("DATABASE_URL", 5432), ("REDIS_URL", 6379))
# Seconds between two lines about what is waited for.
PATIENCE = 30


def wait_for_stores():
    """While it makes itself, PostgreSQL listens on no port yet."""
    for variable, usual in STORES:
        url = urlsplit(os.environ.get(variable, ""))
        if url.hostname:
            wait_for((url.hostname, url.port or usual))


def wait_for(address):
    say_at = time.monotonic() + PATIENCE
    while not is_there(address):
        if time.monotonic() > say_at:
            print(f"[start] waiting for {address[0]}:{address[1]}", file=sys.stderr, flush=True)
            say_at += PATIENCE
        time.sleep(0.1)


def is_there(address):
    try:
        socket.create_connection(address, 5).close()
        return True
    except OSError:
        return False
