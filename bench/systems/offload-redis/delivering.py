"""Adds a result to the job's stream, which is gone a minute later."""


async def deliver(job, result, server):
    async with server.pipeline(transaction=False) as pipeline:
        pipeline.xadd(f"offload:{job}", {"status": 200, "body": result})
        await pipeline.expire(f"offload:{job}", 60).execute()
