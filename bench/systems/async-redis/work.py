"""The slow call in asyncio: it queues a job, and waits for the message with its result."""

from pathlib import Path

import redis.asyncio
from jobs import begin
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

server = redis.asyncio.Redis(port=@REDIS@)
VERSION = Path("/srv/app/version").read_text()


async def work(request):
    job = begin(request.query_params["job"], int(request.query_params["length"]))
    async with server.pubsub() as pubsub:
        # before the job begins, so that its message is not missed
        await pubsub.subscribe(f"result:{job}")
        async with server.pipeline(transaction=False) as pipeline:
            # counted on Redis: there are several processes
            await pipeline.incr("calls").incr("jobs").rpush("queue", job).execute()
        async for message in pubsub.listen():
            if message["type"] == "message":
                return PlainTextResponse(message["data"])


async def counts(request):
    calls, jobs = await server.mget("calls", "jobs")
    return JSONResponse({"calls": int(calls), "jobs": int(jobs)})


async def version(request):
    return PlainTextResponse(VERSION)


app = Starlette(
    routes=[Route("/work", work), Route("/counts", counts), Route("/version", version)]
)
