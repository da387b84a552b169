"""Waits for addresses to answer 200, their certificates verified: probe.py URLS SECONDS [ADDRESS [CA CERTIFICATE]]

URLS has spaces between them: one Python asks for all, one after the other, for SECONDS each. redis://HOST/NAME is that of a worker,
which answers once it is registered with RQ there under that host name.
ADDRESS is the host to connect to in place of the URL's own, for names that resolve only outside; its certificate is still checked
against the URL's name. CA CERTIFICATE is the base64 of a PEM to trust besides the public ones. Runs in the experiment's image.
"""
import base64
import http.client
import socket
import ssl
import sys
import time
import urllib.parse

REGISTERED = (
    "for _, w in ipairs(redis.call('smembers', 'rq:workers')) do "
    "if redis.call('hget', w, 'hostname') == ARGV[1] then return 1 end end return 0"
)


class VerifiedConnection(http.client.HTTPSConnection):
    """Connects to another address than the one it verifies."""

    def __init__(self, host, address, context):
        super().__init__(host, timeout=10, context=context)
        self.address, self.verification = address, context

    def connect(self):
        plain = socket.create_connection((self.address, self.port), 10)
        self.sock = self.verification.wrap_socket(plain, server_hostname=self.host)


def ask_worker(host, name):
    try:
        with socket.create_connection((host, 6379), 10) as redis:
            redis.sendall(f'EVAL "{REGISTERED}" 0 {name}\r\n'.encode())
            said = redis.makefile("rb").readline(200)
        return None if said == b":1\r\n" else f"it is not registered: {said!r}"
    except OSError as error:
        return f"{type(error).__name__}: {error}"


def ask(url, address, certificate):
    target = urllib.parse.urlsplit(url)
    if target.scheme == "redis":
        return ask_worker(target.hostname, target.path[1:])
    if target.scheme == "https":
        context = ssl.create_default_context()
        if certificate:
            context.load_verify_locations(cadata=base64.b64decode(certificate).decode())
        connection = VerifiedConnection(target.hostname, address or target.hostname, context)
    else:
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
    try:
        connection.request("GET", target.path or "/", headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        body = answer.read(2000).decode("utf-8", "replace")
        return None if answer.status == 200 else f"status {answer.status}: {' '.join(body.split())}"
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def main(urls, *how):
    for url in urls.split():
        await_answer(url, *how)


def await_answer(url, seconds, address="", certificate=""):
    deadline = time.monotonic() + float(seconds)
    while problem := ask(url, address, certificate):
        if time.monotonic() > deadline:
            sys.exit(f"{url} did not answer as it should within {seconds} s; the last try: {problem}")
        time.sleep(0.25)


main(*sys.argv[1:])
