"""Slow calls run by RQ with JSON results; REDIS is the URL of Redis. Jobs are in this module, for the worker."""

import os
import time

from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

app = Flask(__name__)
queue = Queue(connection=Redis.from_url(os.environ["REDIS"]), serializer=JSONSerializer)


def work(seconds):
    time.sleep(seconds)
    return {"slept": seconds}


def fail():
    raise ValueError("secret")


@app.get("/work")
def call_work():
    return "", 418, {"X-Offload-Rq": queue.enqueue(work, 1, result_ttl=600).id}


@app.get("/fail")
def call_fail():
    return "", 418, {"X-Offload-Rq": queue.enqueue(fail, result_ttl=600).id}
