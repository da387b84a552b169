

# Stands at the end of the example's experiment.py: notes each launch, and holds it as long as there is a file for that.
def on_launch(self):
    import os
    import time

    note("begun")
    while os.path.exists("/var/lib/dallinger/hold"):
        time.sleep(0.1)
    note("done")


def note(event):
    with open("/var/lib/dallinger/launches", "a") as launches:
        print(event, file=launches)


Recall.on_launch = on_launch
