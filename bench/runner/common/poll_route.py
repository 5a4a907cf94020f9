"""The route that is polled: the result of a job, or 400 until it is done."""

from counted import app
from jobs import result_of, seconds_left


@app.route("/poll/<job>/<int:number>", methods=["GET", "POST"])
def poll(job, number):
    return result_of(job) if seconds_left(job) <= 0 else ("not yet\n", 400)
