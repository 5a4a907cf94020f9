"""The slow call responds at once, and has uWSGI pass the client to the poller."""

import poll_route
import uwsgi
from counted import app, read_job
from jobs import begin


@app.get("/work")
def work():
    uwsgi.add_var("OFFLOAD_TO_POLLER", "y")
    uwsgi.add_var("POLLER_ID", begin(*read_job()))
    return ""
