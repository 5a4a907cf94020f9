"""A shop on two blocking workers, whose slow calls are Celery tasks. nginx waits on Redis for their results."""

import tasks
from flask import Flask

app = Flask(__name__)


def offload(task):
    """This worker is free at once; nginx holds the client, and answers it with the task's result."""
    return "", 418, {"X-Offload-Celery": task.id, "X-Offload-Cancel": f"/jobs/{task.id}"}


@app.get("/ready")
def ready():
    return "ready\n"


@app.get("/reports/<name>")
def report(name):
    return offload(tasks.report.delay(name))


@app.post("/orders/<item>")
def order(item):
    return offload(tasks.order.delay(item))


@app.get("/broken")
def broken():
    return offload(tasks.broken.delay())


@app.delete("/jobs/<task_id>")
def cancel(task_id):
    """The client left, or its timeout passed."""
    tasks.celery.control.revoke(task_id)
    return "", 204
