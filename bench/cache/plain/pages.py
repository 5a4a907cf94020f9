"""Slow pages, different for each logged-in visitor, beside the slow call."""

import time

from flask import request
from work import app


@app.get("/pages/<int:number>")
def page(number):
    time.sleep(request.args.get("length", type=int) / 1000)
    user = request.cookies.get("remember_token", "anonymous")
    return f"page {number} of {user}\n", 200, {"Vary": "Cookie"}
