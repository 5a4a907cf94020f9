/** The bundle of the pages of nginx/metrics/server.conf and nginx/deadline/metrics.conf: the names that they call, and nothing else. */

import handlers from './metrics-page.deferred';

export default {
  metrics: (r: NginxHTTPRequest) => handlers().metrics(r),
  deadlines: (r: NginxHTTPRequest) => handlers().deadlines(r),
  status: (r: NginxHTTPRequest) => handlers().status(r),
};
