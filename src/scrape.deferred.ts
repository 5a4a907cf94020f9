/** What the names of src/scrape.ts do: in a function, so that a VM of another request does not run its code. */

import { metrics, status } from './scrape/handler';

export default function handlers() {
  return { metrics, status };
}
