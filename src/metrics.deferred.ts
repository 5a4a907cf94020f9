/** What few requests need of src/metrics.ts: in a function, so that the others' VMs do not run its code. */

import { countMore, held, lost, operation, unfolded } from './metrics/handler';

export default function handlers() {
  return { countMore, held, lost, operation, unfolded };
}
