"""The slow call queues a job, and redirects the client to nchan."""

from counted import app
from queueing import queue_job


@app.get("/work")
def work():
    job = queue_job()
    return "", 200, {"X-Accel-Redirect": f"/result-of/{job}", "X-Accel-Buffering": "no"}
