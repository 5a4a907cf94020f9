"""Runs the jobs of the queue on Redis, all at the same time; a peer's delivering.py hands a result over.
SIGTERM: it begins no more jobs, and ends when those that it has are done."""

import asyncio
import signal

import redis.asyncio
from delivering import deliver
from jobs import result_of, seconds_left


async def main():
    server = redis.asyncio.Redis(port=@REDIS@)
    running = set()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    while not stopping.is_set():
        # a second: SIGTERM is seen, and a job that Redis has handed over is not lost
        found = await server.blpop("queue", timeout=1)
        if found is not None:
            task = asyncio.create_task(run(found[1].decode(), server))
            running.add(task)
            task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def run(job, server):
    await asyncio.sleep(seconds_left(job))
    await deliver(job, result_of(job), server)


asyncio.run(main())
