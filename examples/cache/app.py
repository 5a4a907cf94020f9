"""A site with a slow page and a slower report. A visitor with the cookie `session` is logged in."""

import time

from flask import Flask, request

app = Flask(__name__)


@app.get("/ready")
def ready():
    return "ready\n"


@app.get("/news/<name>")
def news(name):
    time.sleep(0.25)
    visitor = request.cookies.get("session", "anonymous visitors")
    return f"{name} for {visitor}, generated at {time.time():.3f}\n", 200, {"Vary": "Cookie"}


@app.get("/reports/<name>")
def report(name):
    """Slow, so it is offloaded: the worker is free while nginx polls for the result."""
    end = time.time() + 3
    return "", 418, {"X-OffloadToPoller-Url": "/poll", "X-OffloadToPoller-Args": f"{end:.3f}-{name}"}


@app.post("/poll/<job>/<int:number>")
def poll(job, number):
    end, _, name = job.partition("-")
    return f"report {name}, done at {end}\n" if time.time() >= float(end) else ("not yet\n", 400)
