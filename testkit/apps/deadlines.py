"""An app with deadlines (service/deadlines.ini), controlled by the query.

sleep=S       works for S seconds
die=S         its process is killed after S seconds of it
once=1        only the first time
answer=CODE   the status
deaf=1        ignores the graceful signal
quiet=1       cleans up, and ends without an answer
/seen         the requests that all processes began and cleaned up
/signal       signals the offload, for /poll/… (0.8 s of work, or length=MS) or url=PATH
"""

import os
import signal
import time
from urllib.parse import parse_qsl

SEEN = '/tmp/seen'
DIED = '/tmp/died'
open(SEEN, 'w').close()


class Late(BaseException):
    pass


def late(*_):
    # a second signal would kill at once: this process ends after its answer
    os.kill(os.getpid(), signal.SIGHUP)
    raise Late


signal.signal(signal.SIGSYS, late)


def note(text):
    with open(SEEN, 'a') as seen:
        seen.write(text + '\n')


def work(parameters):
    started = time.time()
    end = started + float(parameters.get('sleep', 0))
    die = started + float(parameters.get('die', 'inf'))
    if 'once' in parameters and os.path.exists(DIED):
        die = float('inf')
    while time.time() < end:
        if time.time() > die:
            open(DIED, 'w').close()
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            time.sleep(0.05)
        except Late:
            if 'deaf' not in parameters:
                raise


def application(environ, start_response):
    parameters = dict(parse_qsl(environ['QUERY_STRING']))
    path = environ['PATH_INFO']

    def answer(status, body, *headers):
        start_response(f'{status} As Requested', [('Content-Type', 'text/plain'), *headers])
        return [body.encode()]

    if path == '/seen':
        return answer(200, open(SEEN).read())
    if path == '/signal':
        done = int(time.time() * 1000) + int(parameters.get('length', 800))
        return answer(418, '', ('X-OffloadToPoller-Url', parameters.get('url', '/poll')),
                      ('X-OffloadToPoller-Args', str(done)))
    if path.startswith('/poll/'):
        isDone = time.time() * 1000 >= int(path.split('/')[-2])
        return answer(200 if isDone else 400, f"result by {environ.get('OFFLOAD_DEADLINE')}")

    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)).decode()
    uri = environ['REQUEST_URI']
    note(f"{environ['REQUEST_METHOD']} {uri} {body}".strip())
    try:
        work(parameters)
    except Late:
        note(f'cleaned up {uri}')
        if 'quiet' in parameters:
            raise
        return answer(504, 'the app says late')
    values = [environ.get(name, 'none') for name in ('OFFLOAD_ROUTE', 'OFFLOAD_DEADLINE')]
    arrived = float(environ['OFFLOAD_ARRIVED'])
    fresh = 0 <= time.time() - arrived < 60
    return answer(parameters.get('answer', 200), f"{' '.join(values)} {fresh}")
