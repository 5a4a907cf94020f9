"""Holds the clients of all jobs, and asks the app once a second how each is getting on."""

import asyncio

import aiohttp
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

INTERVAL_SECONDS = 1
PATIENCE_SECONDS = 60


async def hold(request):
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await poll(request.path_params["job"])
    except TimeoutError:
        return Response("no result\n", 423)


async def poll(job):
    while True:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:@NGINX@/poll/{job}/0") as answer:
                if answer.ok:
                    return Response(await answer.read(), answer.status)
        await asyncio.sleep(INTERVAL_SECONDS)


app = Starlette(routes=[Route("/poll/{job}", hold)])
