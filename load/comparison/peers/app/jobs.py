"""Jobs whose work is done elsewhere, and takes its time. The id of one says all that is known of
it, so that each of the app's processes can answer for it."""

import time


def begin(token, length):
    """The id of a job that is done in length ms."""
    return f"{round(time.time() * 1000) + length}-{token}"


def seconds_left(job):
    """Of its work; less than 0 when it is done."""
    return int(job.partition("-")[0]) / 1000 - time.time()


def result_of(job):
    return f"result of {job.partition('-')[2]}\n"
