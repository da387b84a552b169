"""Tells of every process that is executed, with all its arguments: execEvents.py

In the place of the audit daemon it takes the kernel's own audit records, over netlink, of each execve and execveat on the machine
whose login id (/proc/PID/loginuid) is set: of whoever has set it, with all descendants, in whatever namespaces they are. Only they
are slowed down or wait.

Prints `{"ready": true}`, then at the end of its standard input a line `{"exe", "arguments"}` for each process and a last
one with the records that the kernel had to drop (`lost`). By then the kernel's audit is set as it was before.
"""
import json
import os
import platform
import re
import select
import signal
import socket
import struct
import sys
import time

NETLINK_AUDIT = 9
SO_RCVBUFFORCE = 33
GET, SET, ADD_RULE, DEL_RULE = 1000, 1001, 1011, 1012
SYSCALL, EXECVE = 1300, 1309
FIELDS = "mask enabled failure pid rate_limit backlog_limit lost backlog features backlog_wait_time".split()
ENABLED, PID, RATE, BACKLOG = 1, 4, 8, 16
# Rules: on the exit of a system call, always; these fields; equal and unequal.
EXIT, ALWAYS = 4, 2
ARCH, LOGIN_ID = 11, 9
EQUAL, UNEQUAL = 0x40000000, 0x30000000
UNSET = 0xFFFFFFFF
# Per machine: architecture as audit numbers it, execve, execveat.
CALLS = {
    "x86_64": [(0xC000003E, 59, 322), (0x40000003, 11, 358)],
    "aarch64": [(0xC00000B7, 221, 281), (0x40000028, 11, 387)],
}
PART = re.compile(rb' a(\d+)(?:\[\d+\])?=(?:"([^"]*)"|([0-9A-F]+)(?= |$))')
ACKNOWLEDGE = 4


class Audit:
    """A netlink socket to the kernel's audit."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
        self.socket.bind((0, 0))
        self.sequence = 0

    def send(self, kind, payload=b""):
        self.sequence += 1
        header = struct.pack("IHHII", 16 + len(payload), kind, 1 | ACKNOWLEDGE, self.sequence, 0)
        self.socket.sendto(header + payload, (0, 0))

    def receive(self):
        message = self.socket.recv(65536)
        _, kind, _, sequence, _ = struct.unpack("IHHII", message[:16])
        return kind, sequence, message[16:].rstrip(b"\0\n") if kind >= SYSCALL else message[16:]

    def ask(self, kind, payload=b"", answered_by=None):
        """Sends a request and waits for it to be acknowledged and answered, in either order."""
        self.send(kind, payload)
        missing, answer = {2, answered_by or 2}, b""
        while missing:
            answered, sequence, content = self.receive()
            if sequence != self.sequence:
                continue
            missing.discard(answered)
            if answered != 2:
                answer = content
            elif error := struct.unpack("i", content[:4])[0]:
                raise OSError(-error, f"{os.strerror(-error)} (audit request {kind})")
        return answer

    def status(self):
        return dict(zip(FIELDS, struct.unpack("10I", self.ask(GET, answered_by=GET)[:40])))


def settings(mask, status):
    values = {**dict.fromkeys(FIELDS, 0), **status, "mask": mask}
    return struct.pack("10I", *(values[field] for field in FIELDS))


def rules():
    for architecture, *calls in CALLS[platform.machine()]:
        mask = [0] * 64
        for call in calls:
            mask[call // 32] |= 1 << call % 32
        fields = [(ARCH, EQUAL, architecture), (LOGIN_ID, UNEQUAL, UNSET)]
        columns = [[*column, *[0] * (64 - len(fields))] for column in zip(*fields)]
        names, operators, values = columns
        yield struct.pack("3I64I64I64I64II", EXIT, ALWAYS, len(fields), *mask, *names, *values, *operators, 0)


class Processes:
    """Puts the records of each execution together."""

    def __init__(self):
        self.executions = {}

    def take(self, kind, content):
        if kind not in (SYSCALL, EXECVE):
            return
        serial = content[: content.index(b"):")]
        execution = self.executions.setdefault(serial, {"exe": "", "arguments": {}})
        if kind == SYSCALL:
            execution["exe"] = re.search(rb" exe=(\S+)", content)[1].decode("latin-1").strip('"')
            return
        # What is longer than a record comes in pieces, in order; what is not plain text in hexadecimal digits.
        for number, text, digits in PART.findall(content):
            piece = bytes.fromhex(digits.decode()) if digits else text
            arguments = execution["arguments"]
            arguments[int(number)] = arguments.get(int(number), b"") + piece

    def lines(self):
        for execution in self.executions.values():
            arguments = [text.decode("utf-8", "replace") for _, text in sorted(execution["arguments"].items())]
            if arguments:  # a file that was not there has been executed by nobody
                yield json.dumps({**execution, "arguments": arguments})


def listen(events, processes, until):
    """Takes records; whenever there is none, or standard input has come to its end, asks `until` whether that is all."""
    while True:
        ready, _, _ = select.select([events.socket, sys.stdin], [], [], 0.5)
        if events.socket in ready:
            kind, _, content = events.receive()
            processes.take(kind, content)
        elif until(sys.stdin in ready):
            return


def drain(events, processes):
    time.sleep(0.2)  # for the record that is on its way
    listen(events, processes, lambda ended: True)


def remove_rules(control):
    """Whether there was one."""
    removed = False
    for rule in rules():
        try:
            control.ask(DEL_RULE, rule)
            removed = True
        except FileNotFoundError:
            pass
    return removed


def earlier(control):
    """The state to return to: the present one, or the kernel's own if this program has been killed before."""
    status = control.status()
    if status["pid"] == 0 and remove_rules(control):
        status.update(enabled=0, backlog_limit=64)
        control.ask(SET, settings(ENABLED, status))
    if status["pid"] != 0 or status["enabled"] != 0:
        sys.exit("the kernel's audit is in use here (by auditd?): stop that while this runs")
    return status


def start(control, events):
    events.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 256 << 20)
    control.ask(SET, settings(BACKLOG | RATE, {"backlog_limit": 1 << 18}))
    events.send(SET, settings(PID, {"pid": os.getpid()}))
    for rule in rules():
        control.ask(ADD_RULE, rule)
    control.ask(SET, settings(ENABLED, {"enabled": 1}))


def stop(control, events, processes, before):
    """Returns the audit's state at the end. The order matters: records without a listener go to the kernel's log."""
    remove_rules(control)
    listen(events, processes, lambda ended: control.status()["backlog"] == 0)
    drain(events, processes)
    after = control.status()
    control.ask(SET, settings(ENABLED, before))
    drain(events, processes)
    if after["pid"] == os.getpid():
        events.send(SET, settings(PID, {"pid": 0}))
    control.ask(SET, settings(BACKLOG | RATE, before))
    return after


def main():
    # Whoever has started it closes its standard input, by ending at the latest.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control, events, processes = Audit(), Audit(), Processes()
    before = earlier(control)
    try:
        start(control, events)
        print('{"ready": true}', flush=True)
        listen(events, processes, lambda ended: ended)
    finally:
        after = stop(control, events, processes, before)
    if after["pid"] != os.getpid():
        sys.exit("the kernel has stopped sending its audit records to this program")
    present = control.status()
    if any(present[field] != before[field] for field in ("enabled", "pid", "rate_limit", "backlog_limit")):
        sys.exit("the kernel's audit is not as it was before")
    for line in processes.lines():
        print(line)
    print(json.dumps({"lost": after["lost"] - before["lost"]}))


main()
