"""The slow call queues a job on Redis. A peer's own signal says where the result will be."""

import redis
from counted import read_job
from jobs import begin

server = redis.Redis(port=@REDIS@)


def queue_job():
    """The id of a new job in the queue of worker.py."""
    job = begin(*read_job())
    server.rpush("queue", job)
    return job
