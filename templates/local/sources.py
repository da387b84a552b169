"""The folders that an experiment is written in, and their copies in the container, which are brought up to date as they are edited."""

import filecmp
import glob
import hashlib
import importlib.util
import json
import os
import shutil

from rules import Rules

EXPERIMENT = "/experiment"
STATE = "/tmp/dallinger-watch.json"
FRONTEND = ("static", "templates")


class Sources:
    """What sources.json names (WatchedSources of components/targets/local/watchedSources.ts). `say` tells the user something."""

    def __init__(self, file, say):
        with open(file, encoding="utf-8") as text:
            named = json.load(text)
        self.say = say
        self.inputs = named["inputs"]
        self.experiment = Rules(named["experiment"]["folder"], named["experiment"]["rules"])
        checkout = named.get("dallinger")
        self.dallinger = None if checkout is None else Rules(checkout["folder"], checkout["rules"])
        self.packages = None if checkout is None else checkout["into"]
        self.told = set()
        state = read_state()
        self.edited = state["edited"]
        self.copies = [Copy(EXPERIMENT, {*named["experiment"]["made"], *state["copied"]})]
        if self.packages is not None:
            self.copies.append(Copy(self.packages, set()))

    @property
    def folders(self):
        return [rules.folder for rules in (self.experiment, self.dallinger) if rules is not None]

    def edits(self):
        """What differs from the copies: a list of edits, each to be made by `make`."""
        self.compare_inputs()
        wanted = [{**self.frontend(), **self.wanted(self.experiment, self.inputs)}]
        if self.dallinger is not None:
            package = self.wanted(self.dallinger, ())
            wanted.append({path: source for path, source in package.items() if path.startswith("dallinger/")})
        return [edit for copy, files in zip(self.copies, wanted) for edit in copy.differences(files)]

    def make(self, edits):
        """Brings the copies up to date. What is not there any more goes first: a folder may have come in its place."""
        for edit in sorted(edits, key=lambda one: one.source is not None):
            edit.make()
        self.edited = self.edited or len(edits) > 0
        write_state({"edited": self.edited, "copied": sorted(self.copies[0].owned)})

    def wanted(self, rules, apart):
        """The files of a folder, without those `apart`, and without those that an image may not have."""
        found = {}
        for path, source in rules.files().items():
            if path in apart:
                continue
            try:
                reason = self.reason(rules, path, source)
            except OSError:
                continue  # it has gone meanwhile
            if reason is None:
                found[path] = source
        return found

    def reason(self, rules, path, source):
        """Why it stays out; told once. A file that has not changed is not read again."""
        known = self.copies[0] if rules is self.experiment else self.copies[1]
        if known.has(path, source):
            return None
        reason = rules.sensitive_reason(path, source)
        if reason is not None:
            self.tell_once((path, reason), f"{path} is not copied into the experiment: it {reason}")
        return reason

    def frontend(self):
        """Dallinger's own pages and scripts, which lie under the experiment's."""
        if self.packages is not None:
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

    def has(self, path, source):
        return self.stamps.get(path) == stamp(source)

    def differences(self, files):
        found = [Edit(self, path, source) for path, source in files.items() if not self.is_current(path, source)]
        gone = [path for path in self.owned if path not in files]
        self.owned.difference_update(path for path in gone if not os.path.lexists(self.at(path)))
        return found + [Edit(self, path, None) for path in gone if path in self.owned]

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
            self.copy.owned.discard(self.path)
            self.copy.stamps.pop(self.path, None)
            remove(at, self.copy.folder)
            return
        try:
            now = stamp(self.source)
            os.makedirs(os.path.dirname(at), exist_ok=True)
            incoming = f"{at}.incoming"
            shutil.copyfile(self.source, incoming)
        except FileNotFoundError:
            return  # it has gone meanwhile
        os.chmod(incoming, 0o755 if now[3] else 0o644)
        os.replace(incoming, at)
        forget_byte_code(at)
        self.copy.owned.add(self.path)
        self.copy.stamps[self.path] = now


def stamp(source):
    found = os.stat(source)
    return (source, found.st_size, found.st_mtime_ns, bool(found.st_mode & 0o100))


def remove(at, folder):
    try:
        os.remove(at)
    except OSError:
        return
    forget_byte_code(at)
    try:
        parent = os.path.dirname(at)
        while parent != folder:
            os.rmdir(parent)
            parent = os.path.dirname(parent)
    except OSError:
        pass  # something else is in it


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
            return json.load(text)
    except (OSError, ValueError):
        return {"edited": False, "copied": []}


def write_state(state):
    with open(f"{STATE}.incoming", "w", encoding="utf-8") as text:
        json.dump(state, text)
    os.replace(f"{STATE}.incoming", STATE)
