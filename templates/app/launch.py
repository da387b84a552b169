"""POSTs /launch to the web process of its own container, once: launch.py HOST

HOST is the public name, so that the links Dallinger makes are those that participants reach. Prints the answer in one line.
Ends with 0 when it says success; with 3 when nothing was sent, or the answer is known to come before Dallinger opens
recruitment; with 4 at every other answer: participants may have been recruited. Any other end is one without an answer.
"""
import http.client
import json
import re
import sys

# What Dallinger 9 to 12.4 answer before they open recruitment. The last one is the exception: Dallinger says "Failed to open
# recruitment" also when the recruiter has published a study and what came after failed. Only where it found no recruiter has
# nothing been opened. More texts of recruiters are not here, for one of several (`multi`) may have published before.
BEFORE_RECRUITMENT = re.compile(
    "Failed to load configuration before /launch: .*"
    "|Failed to load experiment before /launch while checking protected routes: .*"
    "|Experiment before_request failed before /launch: .*"
    "|Failed to load experiment in /launch: .*"
    "|IOError writing to experiment log: .*"
    r"|An error occurred when calling on_launch\(\), check experiment server log for details: .*"
    "|An error occurred while setting up experiment, check experiment server log for details: .*"
    r"|Failed to open recruitment, check experiment server log for details: No such recruiter \S+",
    re.DOTALL,
)


def main(host):
    connection = http.client.HTTPConnection("127.0.0.1", 5000, timeout=600)
    try:
        connection.connect()
    except OSError as error:
        end(3, f"the web process does not listen: {error}")
    connection.request("POST", "/launch", headers={"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-Host": host})
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    reply = read_json(text)
    if reply is None:
        end(4, f"status {answer.status}, and not what Dallinger answers: {json.dumps(text[:2000])}")
    if answer.status == 200 and reply.get("status") == "success":
        end(0, json.dumps(reply))
    end(3 if came_before_recruitment(answer.status, reply) else 4, json.dumps(reply))


def came_before_recruitment(status, reply):
    message = reply.get("message")
    known = isinstance(message, str) and BEFORE_RECRUITMENT.fullmatch(message)
    return status == 500 and reply.get("status") == "error" and bool(known)


def read_json(text):
    """The object that the text is, else None."""
    try:
        reply = json.loads(text)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) else None


def end(status, line):
    print(line)
    sys.exit(status)


main(*sys.argv[1:])
