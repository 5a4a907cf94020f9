"""Work of `ms` in the query, of two kinds: /wait blocks, as on a database, and /cpu uses CPU time."""

import time

from flask import Flask, request

app = Flask(__name__)


@app.get("/wait")
def wait():
    time.sleep(float(request.args["ms"]) / 1000)
    return "done\n"


@app.get("/cpu")
def cpu():
    end = time.thread_time() + float(request.args["ms"]) / 1000
    while time.thread_time() < end:
        sum(range(500))
    return "done\n"
