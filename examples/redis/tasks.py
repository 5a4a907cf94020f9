"""Slow work, as Celery tasks: nothing here knows of nginx."""

import os
import time

from celery import Celery

# REDIS is a URL, such as redis://127.0.0.1:6379/0
celery = Celery("shop", broker=os.environ["REDIS"], backend=os.environ["REDIS"])
celery.conf.result_expires = 600  # seconds: longer than $offload_timeout


@celery.task
def report(name):
    """The result is the response's body, as JSON."""
    time.sleep(3)
    return {"report": name, "total": 1234.5}


@celery.task
def order(item):
    """A result of status, headers and body, and nothing else, is the whole response."""
    time.sleep(2)
    return {
        "status": 201,
        "headers": {"Location": f"/orders/{item}", "Content-Type": "text/plain"},
        "body": f"{item} is ordered\n",
    }


@celery.task
def broken():
    raise ValueError("the client gets a 500, and no word of this")
