"""The folders that an experiment is written in, and their copies in the container, which are brought up to date as they are edited."""

import filecmp
import fnmatch
import glob
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile

from rules import Rules

EXPERIMENT = "/experiment"
STATE = "/tmp/dallinger-watch.json"
FRONTEND = ("static", "templates")
# What editors put beside a file while they work on it.
EDITORS = ("*~", "#*#", ".#*", "*.swp", "*.swo", "*.swx", "4913", "*.kate-swp", "*___jb_*", ".idea", ".vscode")


class Sources:
    """What sources.json names (WatchedSources of components/targets/local/watchedSources.ts). `say` tells the user something."""

    def __init__(self, file, say):
        self.file = file
        self.say = say
        self.told = set()
        self.reasons = {}
        self.read()
        state = read_state()
        self.edited = state["edited"]
        self.copies = [Copy(EXPERIMENT, {*self.made, *state["copied"]})]
        if self.dallinger is not None:
            self.copies.append(Copy(self.packages, set()))

    def read(self):
        """The next `up` may bring other rules."""
        self.read_at = os.stat(self.file).st_mtime_ns
        with open(self.file, encoding="utf-8") as text:
            named = json.load(text)
        self.inputs = named["inputs"]
        self.made = named["experiment"]["made"]
        self.experiment = Rules(**{key: named["experiment"][key] for key in ("folder", "host", "rules")})
        checkout = named.get("dallinger")
        self.dallinger = None if checkout is None else Rules(checkout["folder"], checkout["host"], checkout["rules"])
        self.packages = None if checkout is None else checkout["into"]

    @property
    def folders(self):
        return [rules.folder for rules in (self.experiment, self.dallinger) if rules is not None]

    def edits(self):
        """What differs from the copies: a list of edits, each to be made by `make`."""
        if os.stat(self.file).st_mtime_ns != self.read_at:
            self.read()
        self.compare_inputs()
        copy = self.copies[0]
        found, stays = self.wanted(self.experiment, copy)
        edits = copy.differences({**self.frontend(), **found}, {*stays, *self.inputs}, self.experiment.unread)
        if self.dallinger is not None:
            copy = self.copies[1]
            found, stays = self.wanted(self.dallinger, copy, "dallinger/")
            edits += copy.differences(found, stays, self.dallinger.unread)
        return edits

    def make(self, edits):
        """Brings the copies up to date. What is not there any more goes first: a folder may have come in its place."""
        for edit in sorted(edits, key=lambda one: one.source is not None):
            try:
                edit.make()
            except OSError as error:
                edit.copy.failed[edit.path] = stamp_or_none(edit.source)
                self.tell_once((edit.path, str(error)), f"the edit of {edit.path} is not followed: {error}")
        self.edited = self.edited or len(edits) > 0
        write_state({"edited": self.edited, "copied": sorted(self.copies[0].owned)})

    def wanted(self, rules, copy, below=""):
        """The files of a folder that are to be copied; and those whose copies stay as they are."""
        found, stays = {}, set()
        for path, source in rules.files().items():
            if not path.startswith(below) or (rules is self.experiment and path in self.inputs):
                continue
            if path not in copy.owned and is_editors(path):
                continue
            try:
                reason = self.reason(rules, copy, path, source)
            except FileNotFoundError:
                continue  # it has gone meanwhile
            except OSError as error:
                reason = f"cannot be read: {error.strerror}"
                self.tell_once((path, reason), f"{path} {reason}")
            if reason is None:
                found[path] = source
            else:
                stays.add(path)
        return found, stays

    def reason(self, rules, copy, path, source):
        """Why it is not copied; told once. What has not changed is not read again, and what the image has is no news."""
        now = stamp(source)
        if copy.stamps.get(path) == now:
            return None
        key = (rules.folder, path)
        known = self.reasons.get(key)
        if known is not None and known[0] == now:
            return known[1]
        reason = rules.sensitive_reason(path, source)
        self.reasons[key] = (now, reason)
        at = copy.at(path)
        if reason is not None and not (os.path.isfile(at) and filecmp.cmp(source, at, shallow=False)):
            self.tell_once((path, reason), f"{path} is not copied into the experiment: it {reason}")
        return reason

    def frontend(self):
        """Dallinger's own pages and scripts, which lie under the experiment's."""
        if self.dallinger is not None:
            root = os.path.join(self.dallinger.folder, "dallinger", "frontend")
        else:
            spec = importlib.util.find_spec("dallinger")
            if spec is None:
                return {}
            root = os.path.join(spec.submodule_search_locations[0], "frontend")
        return {
            os.path.relpath(os.path.join(at, name), root): os.path.join(at, name)
            for folder in FRONTEND
            for at, _, names in os.walk(os.path.join(root, folder))
            for name in names
        }

    def compare_inputs(self):
        """Files that an edit of which only an image or an `up` brings: told when one is another than it was for that."""
        for path, (digest, what) in self.inputs.items():
            now = digest_of(os.path.join(self.experiment.folder, path))
            if now != digest:
                self.tell_once((path, now), f"{path} has changed: {what}")

    def tell_once(self, key, text):
        if key not in self.told:
            self.told.add(key)
            self.say(text)


class Copy:
    """A folder of copies. `owned` are the paths in it that are copies, and go with their source."""

    def __init__(self, folder, owned):
        self.folder = folder
        self.owned = owned
        self.stamps = {}
        # Edits that could not be made, by path: with the source as it was then they are not tried again.
        self.failed = {}

    def differences(self, files, stays, unread):
        """`stays` are paths whose copies are left as they are; so are those below the folders `unread`, of which nobody knows."""
        found = [Edit(self, path, source) for path, source in files.items() if not self.is_current(path, source)]
        gone = [
            path
            for path in self.owned
            if path not in files and path not in stays and not any(path.startswith(folder) for folder in unread)
        ]
        self.owned.difference_update(path for path in gone if not os.path.lexists(self.at(path)))
        found += [Edit(self, path, None) for path in gone if path in self.owned]
        return [edit for edit in found if not self.has_failed(edit)]

    def has_failed(self, edit):
        return edit.path in self.failed and self.failed[edit.path] == stamp_or_none(edit.source)

    def is_current(self, path, source):
        """By size and time; by content where it has not been seen before."""
        try:
            now = stamp(source)
            if self.stamps.get(path) == now:
                return True
            at = self.at(path)
            same = path not in self.stamps and os.path.isfile(at) and filecmp.cmp(source, at, shallow=False)
        except OSError:
            return True  # it has gone, or is not to be read: the next look decides
        if same:
            self.stamps[path] = now
            self.owned.add(path)
        return same

    def at(self, path):
        return os.path.join(self.folder, path)


class Edit:
    """A file that comes, is another one, or goes (`source` is None then)."""

    def __init__(self, copy, path, source):
        self.copy = copy
        self.path = path
        self.source = source

    @property
    def restarts(self):
        """Whether a process has to begin anew for it. Flask reads templates and static files anew by itself in debug mode."""
        inside = self.path.removeprefix("dallinger/frontend/") if self.copy.folder != EXPERIMENT else self.path
        return not inside.startswith(("static/", "templates/")) and not inside.endswith(".md")

    def make(self):
        at = self.copy.at(self.path)
        if self.source is None:
            remove(at, self.copy.folder)
            self.copy.owned.discard(self.path)
            self.copy.stamps.pop(self.path, None)
        else:
            self.write(at)
        self.copy.failed.pop(self.path, None)

    def write(self, at):
        folder = os.path.dirname(at)
        try:
            now = stamp(self.source)
            os.makedirs(folder, exist_ok=True)
            descriptor, incoming = tempfile.mkstemp(dir=folder)
            os.close(descriptor)
        except FileNotFoundError:
            return  # it has gone meanwhile
        try:
            shutil.copyfile(self.source, incoming)
            os.chmod(incoming, 0o755 if now[3] else 0o644)
            if os.path.isdir(at) and not any(path.startswith(self.path + "/") for path in self.copy.owned):
                shutil.rmtree(at)
            os.replace(incoming, at)
        except FileNotFoundError:
            os.remove(incoming)
            return
        except OSError:
            os.remove(incoming)
            raise
        forget_byte_code(at)
        self.copy.owned.add(self.path)
        self.copy.stamps[self.path] = now


def stamp(source):
    found = os.stat(source)
    return (source, found.st_size, found.st_mtime_ns, bool(found.st_mode & 0o100))


def stamp_or_none(source):
    try:
        return None if source is None else stamp(source)
    except OSError:
        return None


def is_editors(path):
    return any(fnmatch.fnmatchcase(name, pattern) for name in path.split("/") for pattern in EDITORS)


def remove(at, folder):
    """With the folders around it that have nothing more in them, but byte code: those would go on being packages."""
    try:
        os.remove(at)
    except FileNotFoundError:
        pass
    forget_byte_code(at)
    parent = os.path.dirname(at)
    while parent != folder:
        try:
            if os.listdir(parent) == ["__pycache__"]:
                shutil.rmtree(os.path.join(parent, "__pycache__"))
            os.rmdir(parent)
        except OSError:
            return  # something else is in it
        parent = os.path.dirname(parent)


def forget_byte_code(at):
    """Python compares seconds and sizes only: two edits in one second would be one."""
    folder, name = os.path.split(at)
    if name.endswith(".py"):
        for compiled in glob.glob(os.path.join(glob.escape(folder), "__pycache__", glob.escape(name[:-3]) + ".*.pyc")):
            os.remove(compiled)


def digest_of(file):
    try:
        with open(file, "rb") as content:
            return hashlib.sha256(content.read()).hexdigest()
    except OSError:
        return ""


def read_state():
    try:
        with open(STATE, encoding="utf-8") as text:
            state = json.load(text)
            return {"edited": bool(state["edited"]), "copied": list(state["copied"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"edited": False, "copied": []}


def write_state(state):
    with open(f"{STATE}.incoming", "w", encoding="utf-8", errors="surrogateescape") as text:
        json.dump(state, text)
    os.replace(f"{STATE}.incoming", STATE)
