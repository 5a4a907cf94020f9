"""Publishes a result to the client's coroutine, which has subscribed."""


async def deliver(job, result, server):
    await server.publish(f"result:{job}", result)
