/** What few requests need of src/metrics.ts: in a function, so that the others' VMs do not run its code. */

import {
  countMore,
  heldSummary,
  operation,
  registerSeries,
  reportLost,
} from './metrics/metrics.njs';

export default function handlers() {
  return { countMore, heldSummary, operation, registerSeries, reportLost };
}
