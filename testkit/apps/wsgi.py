"""A WSGI app that offloads, for all protocols of its server.

/ANY/job         queues a job and signals /poll/ANY. Parameters, in the body of a POST or in the
                 query: `length` in ms, and `name`.
/poll/ANY/JOB/N  400 until the job is done, then the request as JSON; for the name "elsewhere" a
                 303 to /poll/ANY/found; for names that start with "large", 3 MB
other paths      the request as JSON
"""

import json
import re
import time
from urllib.parse import parse_qs, quote

SEEN = [
    "REQUEST_METHOD",
    "REQUEST_URI",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "HTTP_HOST",
    "HTTP_COOKIE",
    "HTTP_X_REAL_IP",
    "wsgi.url_scheme",
]


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path = environ["PATH_INFO"]
    if job := re.fullmatch(r"/(\w+)/job", path):
        form = parse_qs(body.decode() or environ["QUERY_STRING"])
        # worker processes have no shared state, so the job's id contains its end
        done = now() + int(form["length"][0])
        headers = [
            ("X-OffloadToPoller-Url", f"/poll/{job[1]}"),
            ("X-OffloadToPoller-Args", f"{done}-{quote(form['name'][0])}"),
        ]
        start_response("418 Offloaded", headers)
        return [b"queued\n"]
    if poll := re.match(r"(/poll/\w+)/(\d+)-([^/]+)", path):
        if now() < int(poll[2]):
            start_response("400 Bad Request", [])
            return [b"not yet\n"]
        if poll[3] == "elsewhere":
            start_response("303 See Other", [("Location", f"{poll[1]}/found")])
            return []
        if poll[3].startswith("large"):
            start_response("200 OK", [])
            return [b"0123456789abcdef" * 65536] * 3
    # gunicorn's name for REQUEST_URI
    environ.setdefault("REQUEST_URI", environ.get("RAW_URI"))
    seen = json.dumps({name: environ.get(name, "") for name in SEEN}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(seen)))]
    start_response("200 OK", headers)
    return [seen]


def now():
    return int(time.time() * 1000)
