#!/usr/bin/env python3
"""
Stands where Dallinger's bots look for a driver of a browser on their own machine (SE_CHROMEDRIVER): passes what Selenium asks on to the
browser beside the experiment, whose address is in BOTS_BROWSER. Selenium starts it for each bot: chromedriver --port=PORT
"""

import os
import select
import socket
import sys
import threading
import time

# Seconds in which the browser's container may still be starting.
STARTING = 60


def main():
    port = next(int(word.removeprefix("--port=")) for word in sys.argv if word.startswith("--port="))
    host, _, remote = os.environ["BOTS_BROWSER"].rpartition(":")
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            client, _ = server.accept()
            threading.Thread(target=serve, args=(client, (host, int(remote))), daemon=True).start()


def serve(client, browser):
    with client:
        first = client.recv(65536)
        if first.startswith(b"GET /shutdown "):
            # The browser is everybody's: only this stand-in ends.
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            os._exit(0)
        if first:
            with connect(browser) as remote:
                remote.sendall(first)
                join(client, remote)


def connect(browser):
    end = time.monotonic() + STARTING
    while True:
        try:
            return socket.create_connection(browser, 10)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def join(one, other):
    """Until one of them has nothing more to say."""
    other.settimeout(None)
    while True:
        for ready in select.select([one, other], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)


main()
