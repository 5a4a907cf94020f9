/** The bundle of nginx/join: only an nginx that includes it has the code in its VMs. */

import joining from './join.deferred';

export default {
  compare: (r: NginxHTTPRequest) => joining().compare(r),
  dropBody: (r: NginxHTTPRequest, data: Buffer, flags: NginxHTTPSendBufferOptions) =>
    joining().dropBody(r, data, flags),
  join: (r: NginxHTTPRequest) => joining().join(r),
  keepSignal: (r: NginxHTTPRequest) => joining().keepSignal(r),
};
