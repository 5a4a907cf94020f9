/** One poll: a subrequest to a location that includes offload/poll.conf. */

import type { PollAnswer } from '../decide/answer';
import type { Target } from '../decide/target';

export interface Poll {
  target: Target;
  method: 'GET' | 'POST';
  /** The status and the headers only: for a result that is handed on natively. */
  headersOnly: boolean;
}

/** The answer, or that no location of the waiter serves the target. */
export type Polled = { served: false } | { served: true; answer: PollAnswer };

/**
 * @param timeLeft ms until the deadline
 * @param then called once: with the reply, or with undefined when time ran out first
 */
export function poll(
  r: NginxHTTPRequest,
  what: Poll,
  timeLeft: number,
  then: (polled: Polled | undefined, reply: NginxHTTPRequest | undefined) => void,
): void {
  let over = false;
  const deadline = setTimeout(() => {
    over = true;
    then(undefined, undefined);
  }, timeLeft);

  // read by poll.conf, which sets the method by it in each protocol: $request_method
  // is the main request's in a subrequest too
  r.variables.offload_method = what.method;
  r.variables.offload_poll = '';
  const options = { method: what.headersOnly ? 'HEAD' : what.method, args: what.target.query };
  r.subrequest(what.target.path, options as NginxSubrequestOptions & { detached?: false }, (reply) => {
    if (over) {
      return;
    }
    clearTimeout(deadline);
    // poll.conf sets it; a subrequest shares its variables with its parent
    const served = r.variables.offload_poll === '1';
    then(served ? { served, answer: readAnswer(reply, what) } : { served }, reply);
  });
}

function readAnswer(reply: NginxHTTPRequest, what: Poll): PollAnswer {
  const length = reply.headersOut['Content-Length'];
  const body = reply.responseBuffer;
  return {
    status: reply.status,
    location: reply.headersOut.Location,
    declaredLength: length === undefined ? undefined : Number(length),
    bodyLength: what.headersOnly ? undefined : body ? body.length : 0,
  };
}
