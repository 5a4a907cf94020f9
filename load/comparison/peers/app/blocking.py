"""The slow call as it was: its worker waits for the work to be done."""

import time

from called import app, asked_job


@app.get("/work")
def work():
    token, length = asked_job()
    time.sleep(length / 1000)
    return f"result of {token}\n"
