"""What tells those who poll how a job is getting on."""

from called import app
from jobs import result_of, seconds_left


@app.route("/poll/<job>/<int:number>", methods=["GET", "POST"])
def poll(job, number):
    return result_of(job) if seconds_left(job) <= 0 else ("not yet\n", 400)
