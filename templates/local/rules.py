"""Which files of a folder belong to an image, by the rules that sources.json brings from the program that builds it."""

import errno
import functools
import os
import re
import stat
import unicodedata

from pathspec import GitIgnoreSpec

LOOKED_AT = 16 * 1024 * 1024


def normal(path):
    return unicodedata.normalize("NFC", path)


class Rules:
    """The rules for one folder. `rules` is FileRules of components/image/files/fileRules.ts."""

    def __init__(self, folder, host, rules):
        """`host` is the folder's path on the machine that it is mounted from: links may name it."""
        self.folder = folder
        self.host = host
        self.rules = rules
        # Folders, with a slash at their end, that could not be read: nobody knows what is in them.
        self.unread = set()
        self.own = re.compile(rules["leftOut"]["paths"])
        self.ignored = [
            (re.compile(pattern["expression"], re.DOTALL), pattern["negated"]) for pattern in rules["dockerIgnore"]
        ]
        self.sensitive = [(re.compile(check["expression"], flags_of(check)), check) for check in rules["sensitive"]]

    def files(self):
        """Path in the image -> path of the file that has its content."""
        self.unread = set()
        listed = [path for path in self.listed() if not self.left_out_by_docker(path) and not self.own.search(path)]
        plain = {}
        links = []
        for path in listed:
            source, is_folder = self.resolved(path)
            if source is None:
                continue
            if is_folder:
                links.append((path, source))
            else:
                plain[normal(path)] = source
        found = dict(plain)
        for path, target in links:
            start = "" if target == "." else target + "/"
            for inside, source in plain.items():
                if inside.startswith(start):
                    found[normal(path) + "/" + inside[len(start) :]] = source
        return {path: source for path, source in found.items() if not self.left_out_by_docker(path)}

    def sensitive_reason(self, path, source):
        """Why a file must not be copied, or None. What is a file of settings waits for the check that the program makes."""
        name = path.rsplit("/", 1)[-1]
        content = None
        for expression, check in self.sensitive:
            if check["in"] == "name":
                if expression.search(name):
                    return check["reason"]
                continue
            if check.get("names") and not re.search(check["names"], name):
                continue
            if content is None:
                with open(source, "rb") as file:
                    content = file.read(LOOKED_AT).decode("latin-1")
            if expression.search(content):
                return check["reason"]
        return None

    def resolved(self, path):
        """The file behind a path, links followed, and whether it is a folder's; nothing where it leads out of the folder."""
        root = os.path.realpath(self.folder)
        source = os.path.realpath(self.inside(os.path.join(self.folder, path)))
        target = os.path.relpath(source, root)
        if target == ".." or target.startswith("../"):
            return None, False
        try:
            mode = os.stat(source).st_mode
        except OSError:
            return None, False
        if stat.S_ISDIR(mode):
            return target, True
        return (source if stat.S_ISREG(mode) else None), False

    def inside(self, at):
        """Where a link leads that names its target by the machine's path of the folder."""
        for _ in range(40):
            try:
                target = os.readlink(at)
            except OSError:
                return at
            if target != self.host and not target.startswith(self.host + "/"):
                return at
            at = self.folder + target[len(self.host) :]
        return at

    def listed(self):
        policy = self.rules.get("policy")
        if policy is not None:
            paths = self.everything("")
            return [path for path in paths if path not in policy["never"] and not left_out_by_policy(policy, normal(path))]
        git = self.rules.get("git")
        if git is None:
            # A repository that has been made since then counts, too.
            is_new = self.rules["outsideGit"] and self.exists(".git")
            return list(self.in_work_tree("", self.nested("")) if is_new else self.everything(""))
        outer = [self.ignore(rule["lines"], above=rule["above"]) for rule in git["outer"]]
        found = set() if git["ignored"] else set(self.in_work_tree("", outer))
        for path in git["tracked"]:
            if self.excluded(path):
                continue
            if self.is_file(path):
                found.add(path)
            elif self.exists(path + "/.git"):
                found.update(self.in_work_tree(path + "/", self.nested(path + "/")))
            else:
                found.update(self.everything(path + "/"))
        return sorted(found)

    def everything(self, at):
        for entry in self.entries(at):
            path = at + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self.everything(path + "/")
            else:
                yield path

    def in_work_tree(self, at, ignores):
        """What git would not ignore. A repository inside of it has rules of its own."""
        ignores = [*ignores, self.ignore(self.lines_of(at + ".gitignore"), at=at)]
        for entry in self.entries(at):
            path = at + entry.name
            is_dir = entry.is_dir(follow_symlinks=False)
            if ignored_by_git(path + ("/" if is_dir else ""), ignores):
                continue
            if not is_dir:
                yield path
            elif self.exists(path + "/.git"):
                yield from self.in_work_tree(path + "/", self.nested(path + "/"))
            else:
                yield from self.in_work_tree(path + "/", ignores)

    def entries(self, at):
        try:
            with os.scandir(os.path.join(self.folder, at)) as entries:
                return [entry for entry in entries if not self.excluded_name(entry.name)]
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                self.unread.add(at)
            return []

    def nested(self, at):
        everywhere = self.ignore((self.rules.get("git") or {"everywhere": []})["everywhere"], at=at)
        return [everywhere, self.ignore(self.lines_of(at + ".git/info/exclude"), at=at)]

    def ignore(self, lines, at="", above=""):
        return Ignore(lines, at, above, (self.rules.get("git") or {"ignoreCase": False})["ignoreCase"])

    def lines_of(self, path):
        try:
            with open(os.path.join(self.folder, path), encoding="utf-8-sig", errors="surrogateescape") as file:
                return file.read().split("\n")
        except OSError:
            return []

    def is_file(self, path):
        at = os.path.join(self.folder, path)
        return os.path.islink(at) or os.path.isfile(at)

    def exists(self, path):
        return os.path.lexists(os.path.join(self.folder, path))

    def excluded(self, path):
        return any(self.excluded_name(name) for name in path.split("/"))

    def excluded_name(self, name):
        out = self.rules["leftOut"]
        return name in out["names"] or name.endswith(tuple(out["endings"]))

    def left_out_by_docker(self, path):
        name = path.rsplit("/", 1)[-1]
        if name == ".slugignore" or name.endswith(".dockerignore"):
            return True
        if path == "Dockerfile":
            return False
        parts = normal(path).split("/")
        around = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        for expression, negated in reversed(self.ignored):
            if any(expression.fullmatch(one) for one in around):
                return not negated
        return False


def flags_of(check):
    """JavaScript's flags of a regular expression, in which letters and blanks are those of ASCII."""
    return re.ASCII | (re.M if "m" in check["flags"] else 0) | (re.I if "i" in check["flags"] else 0)


def left_out_by_policy(policy, path):
    if any(path == out or path.startswith(out + "/") for out in policy["paths"]):
        return True
    return any(name in policy["names"] or name.endswith(tuple(policy["suffixes"])) for name in path.split("/"))


class Ignore:
    """A .gitignore: in the folder `at` below the one that is listed, or above that by the folders `above`."""

    def __init__(self, lines, at, above, ignores_case):
        self.at = at
        self.above = above
        self.ignores_case = ignores_case
        self.spec = compiled(tuple(line.lower() for line in lines) if ignores_case else tuple(lines))

    def says(self, path):
        """Whether it ignores a path or takes it back in; None where it says nothing."""
        inside = self.above + path[len(self.at) :]
        inside = inside.lower() if self.ignores_case else inside
        for pattern in reversed(self.spec.patterns):
            if pattern.include is not None and is_matched_itself(pattern, inside):
                return pattern.include
        return None


def is_matched_itself(pattern, path):
    """Whether a pattern means this path. For pathspec it means all that is below what it means, too, which git asks for folder by folder."""
    found = pattern.match_file(path)
    if found is None:
        return False
    match = found.match
    if match.lastgroup is None:
        # All names, all below a folder, or a file to its end: not the folder itself for what is below it.
        return not (path.endswith("/") and match.end() == len(path))
    # Up to the slash of a folder, which `*/` finds at the first one.
    return match.end() == len(path) or (match.start() == match.end() - 1 and path.endswith("/"))


# Names of sets of characters that git knows and pathspec does not.
CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": " \t\r\n\f\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


@functools.lru_cache(maxsize=1024)
def compiled(lines):
    """What is no pattern, a line that somebody is just typing, counts for nothing, as with git."""
    translated = [re.sub(r"\[:(\w+):\]", lambda one: CLASSES.get(one[1], ""), line) for line in lines]
    return GitIgnoreSpec.from_lines([line for line in translated if is_pattern(line)])


def is_pattern(line):
    try:
        GitIgnoreSpec.from_lines([line])
        return True
    except (ValueError, re.error):
        return False


def ignored_by_git(path, ignores):
    """What a file further down says, counts."""
    for ignore in reversed(ignores):
        said = ignore.says(path)
        if said is not None:
            return said
    return False
