/** The bundle of nginx/hop: only an nginx that includes it has the code in its VMs. */

import hopping from './hop.deferred';

export default {
  hop: (r: NginxHTTPRequest) => hopping().hop(r),
  resume: (r: NginxHTTPRequest) => hopping().resume(r),
};
