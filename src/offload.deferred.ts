/** What the names of src/offload.ts do: in a function, so that a VM which needs none of it does not run its code. */

import { preferredTimeout } from './offload/accepted/prefer.njs';
import { cancel } from './offload/held/cancel.njs';
import { afterHeldRequest } from './offload/held/end.njs';
import { fault, polls } from './offload/held/held.njs';
import { poll, pollInPlace } from './offload/poll/poll.njs';
import { backoff } from './offload/redis/pause.njs';

export default function handlers() {
  return {
    afterHeldRequest,
    backoff,
    cancel,
    fault,
    poll,
    pollInPlace,
    polls,
    preferredTimeout,
  };
}
