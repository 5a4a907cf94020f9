"""The slow call answers at once, and tells uWSGI that the poller has the client's answer."""

import polled
import uwsgi
from called import app, asked_job
from jobs import begin


@app.get("/work")
def work():
    uwsgi.add_var("OFFLOAD_TO_POLLER", "y")
    uwsgi.add_var("POLLER_ID", begin(*asked_job()))
    return ""
