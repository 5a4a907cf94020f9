"""Simulated jobs. A job's id contains its end and its token, so that each process of the app can
answer for it without shared state."""

import time


def begin(token, length):
    """The id of a new job that takes `length` ms."""
    return f"{round(time.time() * 1000) + length}-{token}"


def seconds_left(job):
    """Until the job is done; negative afterwards."""
    return int(job.partition("-")[0]) / 1000 - time.time()


def result_of(job):
    return f"result of {job.partition('-')[2]}\n"
