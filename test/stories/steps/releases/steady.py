

# Stands at the end of the example's experiment.py: a page that takes three seconds, as a long request does.
@experiment_route("/slow", methods=["GET"])
@classmethod
def slow(cls):
    import time

    time.sleep(3)
    return jsonify(status="success")


Recall.slow = slow
