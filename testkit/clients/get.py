"""
Calls a URL as Python's clients do, which follow a redirect by themselves: get.py CLIENT METHOD URL, with requests or
urllib. Prints {"status": STATUS, "body": TEXT} of what the client has in the end.
"""

import json
import sys


def by_requests(method, url):
    import requests

    answer = requests.request(method, url, data="x" if method == "POST" else None, timeout=30)
    return answer.status_code, answer.text


def by_urllib(method, url):
    from urllib.request import Request, urlopen

    request = Request(url, data=b"x" if method == "POST" else None, method=method)
    with urlopen(request, timeout=30) as answer:
        return answer.status, answer.read().decode()


client, method, url = sys.argv[1:4]
status, body = {"requests": by_requests, "urllib": by_urllib}[client](method, url)
print(json.dumps({"status": status, "body": body}))
