"""The slow call queues a job, and has Pushpin hold the client until the result is published. Pushpin makes the
same request again when it has subscribed, in case that the result was published before."""

import uwsgi
from counted import app
from flask import request
from jobs import begin, result_of, seconds_left
from queueing import server


@app.get("/work")
def work():
    token = request.args["job"]
    job = begin(token, request.args.get("length", type=int))
    if server.set(f"job:{token}", job, nx=True, ex=120):
        uwsgi.metric_inc("jobs")
        server.rpush("queue", job)
    else:
        job = server.get(f"job:{token}").decode()
        if seconds_left(job) <= 0:
            return result_of(job)
    return "", 200, {"Grip-Hold": "response", "Grip-Channel": job}
