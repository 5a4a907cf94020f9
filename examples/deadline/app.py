"""A report that can be slow, and labels of a carrier that always are."""

import contextlib
import sys
import time
import uuid

from flask import Flask

from deadline import Deadlines

app = Flask(__name__)


@app.get('/ready')
def ready():
    return 'ready\n'


@contextlib.contextmanager
def transaction():
    try:
        yield
        print('committed', file=sys.stderr, flush=True)
    except BaseException:
        print('rolled back', file=sys.stderr, flush=True)
        raise


@app.get('/reports/<int:seconds>')
def report(seconds):
    with transaction():
        time.sleep(seconds)
    return f'a report that took {seconds} s\n'


# The carrier takes 4 s. A real app has a queue here (Celery, RQ).


@app.post('/labels')
def create_label():
    done = int(time.time() * 1000) + 4000
    headers = {'X-OffloadToPoller-Url': '/poll', 'X-OffloadToPoller-Args': f'{uuid.uuid4()}-{done}'}
    return '', 418, headers


@app.post('/poll/<job>/<int:number>')
def poll(job, number):
    done = int(job.rpartition('-')[2])
    return (f'label {job}\n') if time.time() * 1000 >= done else ('not yet', 400)


application = app
app.wsgi_app = Deadlines(app.wsgi_app)
