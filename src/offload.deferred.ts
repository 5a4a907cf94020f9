/** What the names of src/offload.ts do: in a function, so that a VM which needs none of it does not run its code. */

import { cancel, end } from './cancel/handler';
import { poll, pollInPlace } from './poll/handler';
import { backoff, plan } from './schedule/handler';
import { fault, polls } from './wait/handler';

export default function handlers() {
  return { backoff, cancel, end, fault, plan, poll, pollInPlace, polls };
}
