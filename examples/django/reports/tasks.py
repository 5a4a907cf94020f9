"""Slow work, as Celery tasks: nothing here knows of HTTP."""

import time

from celery import shared_task


@shared_task
def make_report(month):
    time.sleep(2)
    if month == "never":
        raise ValueError("no word of this is for a client")
    return {"month": month, "total": 1234.5}
