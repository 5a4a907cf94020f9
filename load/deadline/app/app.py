"""Fast requests, and slow reports: in a worker, or offloaded (argument "offload")."""

import sys
import time

from flask import Flask

app = application = Flask(__name__)
OFFLOADS = 'offload' in sys.argv


@app.get('/fast/<int:ms>')
def fast(ms):
    time.sleep(ms / 1000)
    return 'fast\n'


@app.get('/reports/<int:seconds>')
def report(seconds):
    if OFFLOADS:
        # simulates a queue whose workers run on other machines
        done = int((time.time() + seconds) * 1000)
        return '', 418, {'X-OffloadToPoller-Url': '/poll', 'X-OffloadToPoller-Args': str(done)}
    time.sleep(seconds)
    return 'report\n'


@app.post('/poll/<int:done>/<int:number>')
def poll(done, number):
    return 'report\n' if time.time() * 1000 >= done else ('not yet', 400)
