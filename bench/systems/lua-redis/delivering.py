"""Keeps a result for a client that has not subscribed yet, and publishes it to one that has."""


async def deliver(job, result, server):
    async with server.pipeline(transaction=False) as pipeline:
        await pipeline.set(f"result:{job}", result, ex=60).publish(f"result:{job}", result).execute()
