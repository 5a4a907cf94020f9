"""A WSGI app, in one process, that keeps the headers and parameters of all requests.

/ANY/job        signals /poll/ANY/ID; DELETE /poll/ANY/ID/cancelled cancels it
/ANY/slow       the same, and it never ends
/poll/ANY/ID/N  400 at first, then a 303 to /poll/ANY/ID/found
/seen           all requests as JSON: method, path, headers, params
other paths     a result without a length, which nginx requests once more to stream it
"""

import json

seen = []
jobs = []


def application(environ, start_response):
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if path == "/seen":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(seen).encode()]
    headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    params = {name: value for name, value in environ.items() if isinstance(value, str)}
    seen.append({"method": method, "path": path, "headers": headers, "params": params})
    _, route, *rest = path.split("/")
    if rest and rest[0] in ("job", "slow"):
        jobs.append({"isSlow": rest[0] == "slow", "polls": 0})
        number = len(jobs) - 1
        signal = [
            ("X-OffloadToPoller-Url", f"/poll/{route}"),
            ("X-OffloadToPoller-Args", str(number)),
            ("X-Offload-Cancel", f"/poll/{route}/{number}/cancelled"),
            ("Content-Length", "0"),
        ]
        start_response("418 Offloaded", signal)
        return []
    if route == "poll" and method == "POST":
        job = jobs[int(rest[1])]
        job["polls"] += 1
        if job["isSlow"] or job["polls"] == 1:
            start_response("400 Not Yet", [("Content-Length", "0")])
        else:
            found = f"/poll/{rest[0]}/{rest[1]}/found"
            start_response("303 See Other", [("Location", found), ("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{method} {path}\n".encode()]
