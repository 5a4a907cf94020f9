"""Celery tasks with unusual results, and calls of them. REDIS is the URL of Redis, PREFIX Celery's global_keyprefix."""

import datetime
import decimal
import os
import uuid

from celery import Celery, chord, group
from flask import Flask, request

app = Flask(__name__)
celery = Celery("celery_app", broker=os.environ["REDIS"], backend=os.environ["REDIS"])
celery.conf.update(
    task_track_started=True,
    result_expires=600,
    result_backend_transport_options={"global_keyprefix": os.environ.get("PREFIX", "")},
)


def described(body, **headers):
    return {"status": 200, "headers": headers, "body": body}


RESULTS = {
    "pdf": lambda: described(bytes(range(256)), **{"Content-Type": "application/pdf"}),
    "large": lambda: described(bytes(range(256)) * 12_000),
    "text": lambda: described("é\n".encode()),
    "bytes": lambda: bytes(range(256)),
    "objects": lambda: described(
        {
            "decimal": decimal.Decimal("1.10"),
            "datetime": datetime.datetime(2026, 1, 31, 12),
            "uuid": uuid.UUID(int=1),
            "bytes": b"a",
        }
    ),
    "text-of-objects": lambda: described(
        {
            "decimal": str(decimal.Decimal("1.10")),
            "datetime": datetime.datetime(2026, 1, 31, 12).isoformat(),
            "uuid": str(uuid.UUID(int=1)),
        }
    ),
    "headers": lambda: described(
        "x", **{"X-Empty": "", "x_a.b": "1", "X-City": "Köln €", "X-Bad": "a\nb", "X Y": "1"}
    ),
}


@celery.task
def result(name):
    return RESULTS[name]()


@celery.task
def echo(text):
    return text


@celery.task(ignore_result=True)
def ignored():
    return "nobody reads it"


@celery.task(bind=True, max_retries=1)
def retried(self):
    """Its states are STARTED, PROGRESS, RETRY, STARTED and SUCCESS."""
    self.update_state(state="PROGRESS", meta={"percent": 50})
    if self.request.retries == 0:
        raise self.retry(countdown=1)
    return "at the second attempt"


def offload(task_id):
    return "", 418, {"X-Offload-Celery": task_id}


@app.get("/results/<name>")
def call_result(name):
    return offload(result.delay(name).id)


@app.get("/retried")
def call_retried():
    return offload(retried.delay().id)


@app.get("/ids/<task_id>/<text>")
def call_with_id(task_id, text):
    if "forget" in request.args:
        celery.AsyncResult(task_id).forget()
    return offload(echo.apply_async([text], task_id=task_id).id)


@app.get("/short/ignored")
def call_ignored():
    return offload(ignored.delay().id)


@app.get("/short/group")
def call_group():
    return offload(group(echo.s("a"), echo.s("b"))().id)


@app.get("/chord")
def call_chord():
    return offload(chord([echo.s("a"), echo.s("b")])(echo.s()).id)
