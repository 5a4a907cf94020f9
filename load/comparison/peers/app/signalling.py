"""The slow call answers at once, and tells nginx where to poll."""

import polled
from called import app, asked_job
from jobs import begin


@app.get("/work")
def work():
    job = begin(*asked_job())
    return "", 418, {"X-OffloadToPoller-Url": "/poll", "X-OffloadToPoller-Args": job}
