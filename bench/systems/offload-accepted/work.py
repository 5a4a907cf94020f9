"""The slow call responds at once with a 202 and the Location of its operation, which is a 202 until it is done."""

from counted import app, read_job
from jobs import begin, result_of, seconds_left


@app.get("/work")
def work():
    job = begin(*read_job())
    return "", 202, {"Location": f"/work/{job}"}


@app.get("/work/<job>")
def operation(job):
    return result_of(job) if seconds_left(job) <= 0 else ("not yet\n", 202)
