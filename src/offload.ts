/** The HTTP bundle: the names that the snippets in nginx/ call. */

import { dropCopied } from './offload/signal/copied.njs';
import handlers from './offload.deferred';
import planning from './offload-plan.deferred';
import starting from './offload-start.deferred';

/** Defined by build/bundle.mjs, from package.json. */
declare const VERSION: string;

/** js_set of $offload_version: the bundle that this nginx runs. */
function version(): string {
  return VERSION;
}

export default {
  backoff: (r: NginxHTTPRequest) => handlers().backoff(r),
  cancel: (r: NginxHTTPRequest) => handlers().cancel(r),
  dropCopied,
  afterHeldRequest: (r: NginxHTTPRequest) => handlers().afterHeldRequest(r),
  fault: (r: NginxHTTPRequest) => handlers().fault(r),
  plan: (r: NginxHTTPRequest) => planning().plan(r),
  poll: (r: NginxHTTPRequest) => handlers().poll(r),
  pollInPlace: (r: NginxHTTPRequest) => handlers().pollInPlace(r),
  polls: (r: NginxHTTPRequest) => handlers().polls(r),
  preferredTimeout: (r: NginxHTTPRequest) => handlers().preferredTimeout(r),
  start: (r: NginxHTTPRequest) => starting().start(r),
  version,
};
