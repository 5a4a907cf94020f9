"""The slow call responds at once with a signal that names the stream with the result."""

from counted import app
from queueing import queue_job


@app.get("/work")
def work():
    return "", 418, {"X-Offload-Stream": queue_job()}
