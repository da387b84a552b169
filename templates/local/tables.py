"""Makes an experiment's tables by Dallinger's own command, which drops former ones, once a line on standard input says so."""

import os
import sys
from importlib.metadata import PackageNotFoundError, distribution

from stores import wait_for_stores

COMMAND = "dallinger-housekeeper"


def make_tables(here):
    """Does not return. Dallinger is loaded before that line comes: PostgreSQL takes as long to make itself."""
    sys.path[:] = [folder for folder in sys.path if folder != here]  # what Dallinger imports stays its own
    run = load_command()
    if sys.stdin.readline() != "make\n":
        sys.exit()
    wait_for_stores()
    sys.argv = [COMMAND, "initdb"]
    if run is None:
        os.execvp(COMMAND, sys.argv)
    sys.exit(run())


def load_command():
    """The function that the command calls; none where another Python has it."""
    try:
        points = distribution("dallinger").entry_points
    except PackageNotFoundError:
        return None
    return next((point.load() for point in points if point.group == "console_scripts" and point.name == COMMAND), None)
