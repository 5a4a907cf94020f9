"""What an app has for its deadlines: clean-up, and a refusal of what nobody waits for.

    app.wsgi_app = Deadlines(app.wsgi_app)
"""

import os
import signal
import sys
import time


class DeadlinePassed(BaseException):
    """Raised where the app is when uWSGI tells it that the deadline of its request has passed.

    No Exception, so that no `except Exception` of the app goes on. `with` and `finally` do their
    work: a transaction is rolled back, a lock given back. 1 second is left for that.
    """


class Deadlines:
    def __init__(self, app):
        self.app = app
        self.is_at_work = False
        signal.signal(signal.SIGSYS, self.pass_deadline)  # harakiri-graceful-signal = 31

    def pass_deadline(self, *_):
        # uWSGI tells a process once, and kills it the next time: this one ends behind its answer
        os.kill(os.getpid(), signal.SIGHUP)
        if self.is_at_work:
            raise DeadlinePassed

    def __call__(self, environ, start_response):
        if waited_too_long(environ):
            return late(start_response)
        self.is_at_work = True
        try:
            # the whole answer, so that a generator's work has its deadline here as well
            answer = self.app(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, 'close'):
                    answer.close()
        except DeadlinePassed:
            return late(start_response, sys.exc_info())
        finally:
            self.is_at_work = False


def waited_too_long(environ):
    """For a worker, since nginx asked; both have one clock, or clocks that are kept together."""
    try:
        waited = time.time() - float(environ['OFFLOAD_ARRIVED'])
        return waited >= float(environ['OFFLOAD_DEADLINE'])
    except (KeyError, ValueError):
        return False


def late(start_response, exc_info=None):
    start_response('504 Gateway Timeout', [('Content-Type', 'text/plain')], exc_info)
    return [b'too late\n']
