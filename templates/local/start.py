"""Starts a process of an experiment on the machine of who works on it, with the secrets beside this file: start.py PROGRAM [ARGUMENT…]"""

import json
import os
import sys

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "secrets.json"), encoding="utf-8") as secrets:
    os.environ.update(json.load(secrets))
os.execvp(sys.argv[1], sys.argv[1:])
