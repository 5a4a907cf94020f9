"""The Flask app of each system, before it has a route: it counts what it is asked."""

import uwsgi
from flask import Flask, request

app = Flask(__name__)


@app.before_request
def count_call():
    uwsgi.metric_inc("calls")


def asked_job():
    """The token and the length in ms that a slow call names. One job is one such call."""
    uwsgi.metric_inc("jobs")
    return request.args["job"], request.args.get("length", type=int)
