

import base64
import json
import os
import sys
import urllib.parse

from flask import abort


def tell_all(_):
    """An experiment that shows what it knows, in its log and in the answer to /summary, which fails."""
    names = ["DATABASE_URL", "FLASK_SECRET_KEY", "dashboard_password", "prolific_api_token", "smtp_password"]
    lines = []
    for name in names:
        value = os.environ[name].rsplit(":", 1)[-1].split("@")[0] if name == "DATABASE_URL" else os.environ[name]
        encoded = value.encode()
        lines += [
            f"{value} {value!r} {json.dumps(value)} {json.dumps(json.dumps(value))}",
            f"{urllib.parse.quote(value)} {urllib.parse.quote(value, safe='')} {urllib.parse.quote_plus(value)}",
            f"{base64.b64encode(encoded).decode()} {base64.b64encode(b'a' + encoded).decode()} {encoded.hex()}",
            base64.urlsafe_b64encode(b"ab" + encoded).decode(),
        ]
    print("\n".join(lines), file=sys.stderr, flush=True)
    abort(503, lines[0])


Recall.log_summary = tell_all
