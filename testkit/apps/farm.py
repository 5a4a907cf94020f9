"""The app of a farm's backends: wsgi.py, and

/work  works for `ms`, and appends `id` and the backend to runs.log
/die   the same, but kills its process before it responds
"""

import json
import os
import signal
import time
from urllib.parse import parse_qs

import wsgi

wsgi.SEEN += [
    "BACKEND",
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_SCHEME",
]


def application(environ, start_response):
    backend = os.environ["BACKEND"]
    environ["BACKEND"] = backend
    query = parse_qs(environ["QUERY_STRING"])
    time.sleep(int(query.get("ms", ["0"])[0]) / 1000)
    if environ["PATH_INFO"] not in ("/work", "/die"):
        return wsgi.application(environ, start_response)
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    with open(os.environ["RUNS"], "a") as runs:
        runs.write(f"{query['id'][0]} {backend}\n")
    if environ["PATH_INFO"] == "/die":
        os.kill(os.getpid(), signal.SIGKILL)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"backend": backend, "pid": os.getpid()}).encode()]
