"""The slow call without offload: its worker blocks until the work is done."""

import time

from counted import app, read_job


@app.get("/work")
def work():
    token, length = read_job()
    time.sleep(length / 1000)
    return f"result of {token}\n"
