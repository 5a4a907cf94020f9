"""Runs all jobs, and publishes each result when the job is done."""

import asyncio

import aiohttp
import uwsgi
from jobs import result_of, seconds_left


async def main():
    running = set()
    async with aiohttp.ClientSession() as session:
        while True:
            job = (await asyncio.to_thread(uwsgi.mule_get_msg)).decode()
            task = asyncio.create_task(run(job, session))
            running.add(task)
            task.add_done_callback(running.discard)


async def run(job, session):
    await asyncio.sleep(seconds_left(job))
    async with session.post(
        f"http://127.0.0.1:@PUBLISHER@/publish/{job}", data=result_of(job)
    ) as response:
        response.raise_for_status()


asyncio.run(main())
