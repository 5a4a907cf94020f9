"""Fast requests, beside the slow call."""

import time

from work import app


@app.get("/fast/<int:ms>")
def fast(ms):
    time.sleep(ms / 1000)
    return "fast\n"
