"""Keeps the clients of all jobs, and polls the app once a second for each."""

import asyncio

import aiohttp
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

INTERVAL_SECONDS = 1
TIMEOUT_SECONDS = 60


async def wait(request):
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await poll(request.path_params["job"])
    except TimeoutError:
        return Response("no result\n", 423)


async def poll(job):
    while True:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:@NGINX@/poll/{job}/0") as response:
                if response.ok:
                    return Response(await response.read(), response.status)
        await asyncio.sleep(INTERVAL_SECONDS)


app = Starlette(routes=[Route("/poll/{job}", wait)])
