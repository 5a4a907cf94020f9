"""The slow call responds at once with a signal that names the job."""

from counted import app
from queueing import queue_job


@app.get("/work")
def work():
    return "", 418, {"X-Job": queue_job()}
