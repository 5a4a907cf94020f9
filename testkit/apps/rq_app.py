"""Slow calls run by RQ with JSON results; REDIS is the URL of Redis. Jobs are in this module, for the worker."""

import os
import time

from flask import Flask, request
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.results import Result
from rq.serializers import JSONSerializer

app = Flask(__name__)
queue = Queue(connection=Redis.from_url(os.environ["REDIS"]), serializer=JSONSerializer)


def work(seconds):
    time.sleep(seconds)
    return {"slept": seconds}


def echo(text):
    return text


def fail():
    raise ValueError("secret")


@app.get("/work")
def call_work():
    return "", 418, {"X-Offload-Rq": queue.enqueue(work, 1, result_ttl=600).id}


@app.get("/fail")
def call_fail():
    return "", 418, {"X-Offload-Rq": queue.enqueue(fail, result_ttl=600).id}


@app.get("/ids/<job_id>/<text>")
def call_with_id(job_id, text):
    if "forget" in request.args:
        Result.delete_all(Job(job_id, connection=queue.connection))
    return "", 418, {"X-Offload-Rq": queue.enqueue(echo, text, job_id=job_id, result_ttl=600).id}


@app.get("/short/not-kept")
def call_not_kept():
    return "", 418, {"X-Offload-Rq": queue.enqueue(echo, "x", result_ttl=0).id}
