"""Deadlines in the app: clean-up, and refusal of requests that waited too long for a worker.

    app.wsgi_app = Deadlines(app.wsgi_app)
"""

import os
import signal
import sys
import time


class DeadlinePassed(BaseException):
    """Raised where the app is, when uWSGI signals that the deadline of its request has passed.

    Not an Exception, so that no `except Exception` of the app catches it. `with` and `finally` are
    executed: a transaction is rolled back, a lock released. That may take 1 second.
    """


class Deadlines:
    def __init__(self, app):
        self.app = app
        self.is_busy = False
        signal.signal(signal.SIGSYS, self.pass_deadline)  # harakiri-graceful-signal = 31

    def pass_deadline(self, *_):
        # uWSGI signals a process once, and kills it the next time: end this one after its answer
        os.kill(os.getpid(), signal.SIGHUP)
        if self.is_busy:
            raise DeadlinePassed

    def __call__(self, environ, start_response):
        if waited_too_long(environ):
            return late(start_response)
        self.is_busy = True
        try:
            # the whole answer, so that the deadline applies to a generator as well
            answer = self.app(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, 'close'):
                    answer.close()
        except DeadlinePassed:
            return late(start_response, sys.exc_info())
        finally:
            self.is_busy = False


def waited_too_long(environ):
    """For a worker, since nginx passed it on; both have one clock, or synchronized ones."""
    try:
        waited = time.time() - float(environ['OFFLOAD_ARRIVED'])
        return waited >= float(environ['OFFLOAD_DEADLINE'])
    except (KeyError, ValueError):
        return False


def late(start_response, exc_info=None):
    start_response('504 Gateway Timeout', [('Content-Type', 'text/plain')], exc_info)
    return [b'too late\n']
