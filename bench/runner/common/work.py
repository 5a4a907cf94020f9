"""The slow call responds at once with a signal that names the path to poll."""

import poll_route
from counted import app, read_job
from jobs import begin


@app.get("/work")
def work():
    job = begin(*read_job())
    return "", 418, {"X-OffloadToPoller-Url": "/poll", "X-OffloadToPoller-Args": job}
