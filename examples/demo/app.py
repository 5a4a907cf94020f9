"""Work that takes `length` ms: queued, and in the worker itself."""

import time
import uuid

import uwsgi
from flask import Flask, request

app = Flask(__name__)


@app.get('/ready')
def ready():
    return 'ready\n'


# A real app has a queue here (Celery, RQ). This one knows by a job's id when it is done.


@app.get('/job')
def job():
    uwsgi.metric_inc('jobs')
    done = int(time.time() * 1000) + request.args.get('length', type=int)
    headers = {'X-OffloadToPoller-Url': '/poll', 'X-OffloadToPoller-Args': f'{uuid.uuid4()}-{done}'}
    return '', 418, headers


@app.post('/poll/<job>/<int:number>')
def poll(job, number):
    uwsgi.metric_inc('polls')
    done = int(job.rpartition('-')[2])
    return f'result of {job}\n' if time.time() * 1000 >= done else ('not yet\n', 400)


@app.get('/blocking')
def blocking():
    time.sleep(request.args.get('length', type=int) / 1000)
    return f'result of {uuid.uuid4()}\n'


@app.get('/counts')
def counts():
    return {name: uwsgi.metric_get(name) for name in ('jobs', 'polls')}
