"""Slow pages, different for each logged-in visitor, and an offloaded report."""

import time

import uwsgi
from flask import Flask, request

app = Flask(__name__)


@app.get("/pages/<int:number>")
def page(number):
    uwsgi.metric_inc("calls")
    time.sleep(request.args.get("length", type=int) / 1000)
    user = request.cookies.get("remember_token", "anonymous")
    return f"page {number} of {user}\n", 200, {"Vary": "Cookie"}


@app.get("/reports/<name>")
def report(name):
    uwsgi.metric_inc("jobs")
    end = time.time() + request.args.get("length", type=int) / 1000
    job = f"{end:.3f}-{name}"
    return "", 418, {"X-OffloadToPoller-Url": "/poll", "X-OffloadToPoller-Args": job}


@app.post("/poll/<job>/<int:number>")
def poll(job, number):
    end, _, name = job.partition("-")
    return f"report {name}\n" if time.time() >= float(end) else ("not yet\n", 400)


@app.get("/counts")
def counts():
    return {name: uwsgi.metric_get(name) for name in ("calls", "jobs")}
