"""
Makes an experiment's tables by Dallinger's own command, once a line on standard input says so: whoever says it has seen that there are none.
"""

import os
import sys
from importlib.metadata import distribution

from stores import wait_for_stores

COMMAND = "dallinger-housekeeper"
# Status where nobody says so (components/targets/local/programs/makeTables.ts).
UNTOLD = 3


def make_tables(here):
    """Does not return. Dallinger is loaded before that line comes: PostgreSQL takes as long to make itself."""
    leave_names(here)
    command = load_command()
    if sys.stdin.readline() != "make\n":
        sys.exit(UNTOLD)
    wait_for_stores()
    sys.argv = [COMMAND, "initdb", *keep_others(command)]
    if command is None:
        os.execvp(COMMAND, sys.argv)
    sys.exit(command())


def leave_names(here):
    """What Dallinger and the experiment import stays theirs, by whatever name: PyTables is `tables`."""
    sys.path[:] = [folder for folder in sys.path if folder != here]
    for name in ("tables", "stores"):
        del sys.modules[name]


def load_command():
    """The function that the command calls; none where another Python has it."""
    try:
        points = distribution("dallinger").entry_points
        return next(point.load() for point in points if point.group == "console_scripts" and point.name == COMMAND)
    except Exception:
        return None


def keep_others(command):
    """The option that has the command drop no tables, should there be some after all, where it knows one."""
    initdb = getattr(command, "commands", {}).get("initdb")
    known = [option for parameter in getattr(initdb, "params", []) for option in parameter.opts]
    return ["--no-drop", "yes"] if "--no-drop" in known else []
