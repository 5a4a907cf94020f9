/** The HTTP bundle: the names that the snippets in nginx/ call. */

import { cancel, end } from './cancel/handler';
import { poll, pollInPlace } from './poll/handler';
import { backoff, plan } from './schedule/handler';
import { fault, polls } from './wait/handler';

/** Defined by build/bundle.mjs, from package.json. */
declare const VERSION: string;

/** js_set of $offload_version: the bundle that this nginx runs. */
function version(): string {
  return VERSION;
}

export default { backoff, cancel, end, fault, plan, poll, pollInPlace, polls, version };
