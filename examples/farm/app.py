"""The app of a farm: responses name the backend; work of a given length; an offloaded report."""

import os
import time

import uwsgi
from flask import Flask, request

app = Flask(__name__)
backend = os.path.basename(uwsgi.opt["socket"].decode())


@app.get("/ready")
def ready():
    return f"{backend} is ready\n"


@app.get("/work")
def work():
    time.sleep(int(request.args.get("ms", 5)) / 1000)
    return f"{backend} served {request.headers['X-Forwarded-For']}\n"


@app.get("/report")
def report():
    # a real app would queue a job; here the job's id is the time at which it is done
    done = int(time.time() * 1000) + 2000
    return "", 418, {"X-OffloadToPoller-Url": "/poll", "X-OffloadToPoller-Args": str(done)}


@app.post("/poll/<int:done>/<int:number>")
def poll(done, number):
    if time.time() * 1000 < done:
        return "not yet", 400
    return f"the report, returned by {backend}\n"
