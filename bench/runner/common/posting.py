"""Posts to a daemon on this machine."""

import aiohttp

session = None


async def post(url, **body):
    global session
    # made in the running loop
    session = session or aiohttp.ClientSession()
    async with session.post(url, **body) as response:
        response.raise_for_status()
