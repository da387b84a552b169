"""Runs a process, and begins it anew when the code that it runs is edited."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, "/opt/dallinger/watch")  # no package of the experiment's: what it imports stays its own

from watchfiles import watch  # noqa: E402

from sources import Sources  # noqa: E402

# Seconds that a process has for its end after an edit: gunicorn waits half a minute for open websockets, RQ for its job.
PATIENCE = 3
# Seconds after which a process that an edit has broken is tried again without another one: what it needs may have come.
AGAIN = 30
# Seconds between two looks where no event tells of an edit: events do not cross into every engine's containers, nor from network drives.
INTERVAL = 1
# A look takes at most this part of the time.
SHARE = 0.05


def say(text):
    print(f"[watch] {text}", file=sys.stderr, flush=True)


def supervise(argv, here):
    """Does not return, except where edits cannot be followed."""
    try:
        sources = Sources(os.path.join(here, "sources.json"), say)
        sources.make(sources.edits())
    except OSError as error:
        say(f"edits are not followed: {error}")
        return
    sys.exit(Supervisor(argv, sources).run())


class Supervisor:
    def __init__(self, argv, sources):
        self.argv = argv
        self.sources = sources
        self.events = queue.SimpleQueue()
        self.process = None
        self.begin_at = None
        self.look_again_at = 0.0

    def run(self):
        """Returns the status of the process, when it has ended for good."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: self.events.put(("stop", number)))
        threading.Thread(target=self.follow, daemon=True).start()
        self.begin()
        while True:
            kind, what = self.next_event()
            if kind == "stop":
                return self.pass_on(what)
            if kind == "begin":
                self.begin()
            elif kind == "look":
                self.look()
            elif what is self.process and not self.stays(what.returncode):
                return status_of(what.returncode)

    def next_event(self):
        if self.begin_at is None:
            return self.events.get()
        try:
            return self.events.get(timeout=max(0.0, self.begin_at - time.monotonic()))
        except queue.Empty:
            return "begin", None

    def begin(self):
        self.begin_at = None
        self.process = subprocess.Popen(self.argv, start_new_session=True)
        threading.Thread(target=self.wait_for, args=(self.process,), daemon=True).start()

    def wait_for(self, process):
        process.wait()
        self.events.put(("ended", process))

    def stays(self, status):
        """Whether to wait for an edit, now that the process has ended. Without one before, that is Docker's affair."""
        if not self.sources.edited:
            return False
        say(f"{self.argv[0]} has ended with status {status}: it begins anew with the next edit, or in {AGAIN} seconds")
        self.begin_at = time.monotonic() + AGAIN
        return True

    def look(self):
        began = time.monotonic()
        try:
            edits = self.sources.edits()
            restarting = [edit.path for edit in edits if edit.restarts]
            if restarting:
                more = f" and {len(restarting) - 1} more" if len(restarting) > 1 else ""
                say(f"{restarting[0]}{more} edited: {self.argv[0]} begins anew")
                self.end()
            if edits:
                self.sources.make(edits)
            if restarting:
                self.begin()
        except OSError as error:
            say(f"an edit is not followed: {error}")
            if self.process.poll() is not None and self.begin_at is None:
                self.begin()
        self.look_again_at = time.monotonic() + (time.monotonic() - began) / SHARE

    def end(self):
        """With all that it has started."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def pass_on(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return status_of(self.process.wait())

    def follow(self):
        """Puts a look into the queue at each event, and now and then."""
        try:
            step = {"debounce": 400, "step": 50, "rust_timeout": INTERVAL * 1000}
            for changes in watch(*self.sources.folders, watch_filter=None, yield_on_timeout=True, **step):
                self.propose(bool(changes))
        except Exception as error:  # the kernel's limit of watches, among others
            say(f"no events of edits ({error}): looking every {INTERVAL} s")
        while True:
            time.sleep(INTERVAL)
            self.propose(False)

    def propose(self, certain):
        if certain or time.monotonic() >= self.look_again_at:
            self.events.put(("look", None))


def status_of(status):
    return 128 - status if status < 0 else status
