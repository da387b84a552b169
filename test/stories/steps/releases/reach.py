"""Runs in a container of one app: prints each address of another that it gets a connection to."""

import socket
import sys

for address in sys.argv[1:]:
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
        print(address)
    except OSError:
        pass
