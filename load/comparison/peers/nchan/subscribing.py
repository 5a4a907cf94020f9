"""The slow call sends the job to the publisher, and redirects the client to nchan."""

import uwsgi
from counted import app, read_job
from jobs import begin


@app.get("/work")
def work():
    job = begin(*read_job())
    uwsgi.mule_msg(job)
    return "", 200, {"X-Accel-Redirect": f"/result-of/{job}", "X-Accel-Buffering": "no"}
