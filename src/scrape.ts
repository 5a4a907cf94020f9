/** The bundle of the pages of nginx/metrics/server.conf: the names that it calls, and nothing else. */

import handlers from './scrape.deferred';

export default {
  metrics: (r: NginxHTTPRequest) => handlers().metrics(r),
  status: (r: NginxHTTPRequest) => handlers().status(r),
};
