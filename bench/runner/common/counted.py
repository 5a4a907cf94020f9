"""The Flask app of all systems, without routes: it counts requests and jobs."""

from pathlib import Path

import uwsgi
from flask import Flask, request

app = Flask(__name__)
# of the code, which a deploy changes
VERSION = Path("/srv/app/version").read_text()


@app.before_request
def count_call():
    uwsgi.metric_inc("calls")


def read_job():
    """The token and the length in ms from the query of a slow call; counts a job."""
    uwsgi.metric_inc("jobs")
    return request.args["job"], request.args.get("length", type=int)


@app.get("/version")
def version():
    return VERSION
