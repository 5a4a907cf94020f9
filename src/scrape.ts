/** The bundle of the pages of nginx/metrics/server.conf: the names that it calls, and nothing else. */

import { metrics, status } from './scrape/handler';

export default { metrics, status };
