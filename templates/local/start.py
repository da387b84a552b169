"""
Starts a process of an experiment on the machine of who works on it, with its secrets: start.py [--watch] PROGRAM [ARGUMENT…]

With --watch the process sees each edit of the experiment's files, which are mounted (supervise.py). With --tables in place of a program
it makes the experiment's tables (tables.py).
"""

import json
import os
import shutil
import sys

from stores import wait_for_stores

HERE = os.path.dirname(os.path.abspath(__file__))

with open("/run/dallinger/secrets.json", encoding="utf-8") as secrets:
    os.environ.update(json.load(secrets))
if "SE_CHROMEDRIVER" in os.environ:
    driver = os.environ["SE_CHROMEDRIVER"]
    os.makedirs(os.path.dirname(driver), exist_ok=True)
    shutil.copyfile(os.path.join(HERE, "chromedriver.py"), driver)
    os.chmod(driver, 0o755)
argv = sys.argv[1:]
if argv[0] == "--tables":
    from tables import make_tables

    make_tables(HERE)
if argv[0] == "--watch":
    from supervise import supervise

    argv = argv[1:]
    supervise(argv, HERE)
wait_for_stores()
os.execvp(argv[0], argv)
