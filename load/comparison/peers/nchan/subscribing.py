"""The slow call gives the job to the publisher, and the client to nchan."""

import uwsgi
from called import app, asked_job
from jobs import begin


@app.get("/work")
def work():
    job = begin(*asked_job())
    uwsgi.mule_msg(job)
    return "", 200, {"X-Accel-Redirect": f"/result-of/{job}", "X-Accel-Buffering": "no"}
