"""An app for a farm with cache, deadlines and offload.

/reports/ID    offloads a report of 2 s; polled at /poll/app/…
/reports/page  the scheme, from WSGI and from X-Forwarded-Proto
/poll/app/…    400 until the report is done, then the report with the visitor's cookie
other paths    work for `ms`; a deadline can end the work

Each run and each queued report is a line of runs.log: its id and the backend.
"""

import os
import signal
import time
from urllib.parse import parse_qs


class Late(BaseException):
    pass


def late(*_):
    raise Late


signal.signal(signal.SIGSYS, late)


def note(request):
    with open(os.environ["RUNS"], "a") as runs:
        runs.write(f"{request} {os.environ['BACKEND']}\n")


def application(environ, start_response):
    path = environ["PATH_INFO"]
    visitor = environ.get("HTTP_COOKIE", "") or "anonymous"
    plain = [("Content-Type", "text/plain")]

    if path == "/reports/page":
        start_response("200 OK", plain)
        return [f"{environ['wsgi.url_scheme']} {environ['HTTP_X_FORWARDED_PROTO']}".encode()]

    if path.startswith("/reports/"):
        report = path.split("/")[2]
        note(report)
        job = f"{int(time.time() * 1000) + 2000}-{report}"
        start_response("418 Offloaded", [("X-OffloadToPoller-Url", "/poll/app"), ("X-OffloadToPoller-Args", job)])
        return [b""]

    if path.startswith("/poll/app/"):
        due, report = path.split("/")[3].split("-", 1)
        if time.time() * 1000 < int(due):
            start_response("400 Not Yet", plain)
            return [b"not yet"]
        start_response("200 OK", plain)
        return [f"{report} for {visitor}".encode()]

    query = parse_qs(environ["QUERY_STRING"])
    note(query["id"][0])
    end = time.time() + int(query.get("ms", ["0"])[0]) / 1000
    try:
        while time.time() < end:
            time.sleep(0.02)
    except Late:
        note(f"cleaned-up-{query['id'][0]}")
        start_response("504 Gateway Timeout", plain)
        return [b"late"]
    start_response("200 OK", plain)
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {visitor}".encode()]
