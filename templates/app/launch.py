"""POSTs /launch to the web process of its own container, once: launch.py HOST

HOST is the public name, so that the links Dallinger makes are those that participants reach. Prints the answer as one line of JSON.
Ends with 0 when it says success, with 3 when Dallinger says that it did not launch or nothing was sent; else with 1.
"""
import http.client
import json
import sys


def main(host):
    connection = http.client.HTTPConnection("127.0.0.1", 5000, timeout=600)
    try:
        connection.connect()
    except OSError as error:
        print(f"the web process does not listen: {error}")
        sys.exit(3)
    connection.request("POST", "/launch", headers={"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-Host": host})
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    try:
        reply = json.loads(text)
    except ValueError:
        sys.exit(f"status {answer.status}, and no JSON: {text[:2000]}")
    print(json.dumps(reply))
    if answer.status != 200 or reply.get("status") != "success":
        sys.exit(3)


main(*sys.argv[1:])
