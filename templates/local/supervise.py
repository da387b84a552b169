"""Runs a process, and begins it anew when the code that it runs is edited."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, "/opt/dallinger/watch")  # no package of the experiment's: what it imports stays its own

from mounts import is_of_this_kernel  # noqa: E402
from sources import Sources  # noqa: E402
from stores import wait_for_stores  # noqa: E402

# Seconds that a process has for its end after an edit: gunicorn waits half a minute for open websockets, RQ for its job.
PATIENCE = 3
# Seconds after which a process that an edit has broken is tried again without another one: what it needs may have come.
AGAIN = 30
# Seconds between two looks where no event tells of an edit: events do not cross into every engine's containers, nor from network drives.
INTERVAL = 1
# The same where events do arrive: nearly all of them.
SELDOM = 15
# Looks before the library is loaded that waits for events, which takes as long as Python itself: what begins comes first.
# Fewer where looks are so slow that they cannot be each second.
FIRST_LOOKS = 10
# Looks take at most this part of the time: those that nothing has asked for, and those after an event.
SHARE = 0.05
SHARE_OF_EVENTS = 0.3


def say(text):
    print(f"[watch] {text}", file=sys.stderr, flush=True)


def supervise(argv, here):
    """Does not return, except where edits cannot be followed."""
    try:
        sources = Sources(os.path.join(here, "sources.json"), say)
        sources.make(sources.edits())
    except Exception as error:
        say(f"edits are not followed: {error!r}")
        return
    wait_for_stores()
    sys.exit(Supervisor(argv, sources).run())


class Supervisor:
    def __init__(self, argv, sources):
        self.argv = argv
        self.sources = sources
        self.events = queue.SimpleQueue()
        self.process = None
        self.begin_at = None
        self.stopped_by = None
        self.proposed = threading.Event()
        self.unseen = False
        self.trouble = None
        self.has_events = False
        # What the last look took, in seconds; and how long there is no other one now, without an event.
        self.took = 0.0
        self.pause = 0.0
        # Moments before which there is no other look: without an event, and with one.
        self.rests = (0.0, 0.0)

    def run(self):
        """Returns the status of the process, when it has ended for good."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.begin()
        threading.Thread(target=self.follow, daemon=True).start()
        while True:
            kind, what = self.next_event()
            if self.stopped_by is not None:
                return self.pass_on(self.stopped_by)
            if kind == "begin":
                self.begin()
            elif kind == "look":
                self.look()
            elif what is self.process and not self.stays(what.returncode):
                return status_of(what.returncode)

    def stop(self, number, _):
        self.stopped_by = number
        self.events.put(("stop", None))

    def next_event(self):
        if self.begin_at is None:
            return self.events.get()
        try:
            return self.events.get(timeout=max(0.0, self.begin_at - time.monotonic()))
        except queue.Empty:
            return "begin", None

    def begin(self):
        self.begin_at = None
        self.kill_group()
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
        self.proposed.clear()
        began = time.monotonic()
        try:
            edits = self.sources.edits()
            self.trouble = None
        except Exception as error:
            self.tell_trouble(f"the folder cannot be looked at: {error!r}")
            edits = []
        now = time.monotonic()
        # One that others kept from the processors says nothing about the next.
        cost, self.took = min(now - began, self.took), now - began
        self.follow_edits(edits)
        now = time.monotonic()
        self.pause = max(cost / SHARE, SELDOM if self.has_events else 0)
        self.rests = (now + self.pause, now + (0 if edits else cost / SHARE_OF_EVENTS))

    def tell_trouble(self, trouble):
        """Once, as long as it lasts: there is a look each second."""
        if trouble != self.trouble:
            say(trouble)
        self.trouble = trouble

    def follow_edits(self, edits):
        restarting = [edit.path for edit in edits if edit.restarts]
        if restarting:
            more = f" and {len(restarting) - 1} more" if len(restarting) > 1 else ""
            say(f"{restarting[0]}{more} edited: {self.argv[0]} begins anew")
            self.end()
        try:
            if edits:
                self.sources.make(edits)
        except Exception as error:
            say(f"an edit is not followed: {error!r}")
        if restarting:
            self.begin()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                pass
        self.kill_group()
        self.process.wait()

    def kill_group(self):
        """What the process has started and left."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def pass_on(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return status_of(self.process.wait())

    def follow(self):
        """Proposes a look at each event, and now and then."""
        self.look_first()
        step = {"debounce": 400, "step": 50, "rust_timeout": INTERVAL * 1000}
        told = False
        while True:
            try:
                from watchfiles import watch

                has_events = all(is_of_this_kernel(folder) for folder in self.sources.folders)
                is_first = True
                for changes in watch(*self.sources.folders, watch_filter=None, yield_on_timeout=True, **step):
                    # No event tells of what came before it watched.
                    self.propose(is_first or bool(changes))
                    is_first = False
                    self.has_events = has_events
            except Exception as error:  # the kernel's limit of watches, a name that is not UTF-8
                if not told:
                    say(f"no events of edits ({error}): looking every {INTERVAL} s")
                told = True
            self.has_events = False
            self.look_now_and_then(10)

    def look_first(self):
        for _ in range(FIRST_LOOKS):
            time.sleep(INTERVAL)
            if self.pause > INTERVAL:
                return
            self.propose(False)

    def look_now_and_then(self, times):
        for _ in range(times):
            time.sleep(INTERVAL)
            self.propose(False)

    def propose(self, is_event):
        """One look at a time is waited for: it sees all that has changed until then."""
        self.unseen = self.unseen or is_event
        silent, after_event = self.rests
        if time.monotonic() < (after_event if self.unseen else silent) or self.proposed.is_set():
            return
        self.unseen = False
        self.proposed.set()
        self.events.put(("look", None))


def status_of(status):
    return 128 - status if status < 0 else status
