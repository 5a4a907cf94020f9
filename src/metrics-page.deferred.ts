/** What the names of src/metrics-page.ts do: in a function, so that a VM of another request does not run its code. */

import { deadlines, metrics, status } from './metrics/page/page.njs';

export default function handlers() {
  return { deadlines, metrics, status };
}
