/** The bundle of the cache (nginx/cache): the names that its snippets call, and nothing else. */

import { purge, storable } from './cache/handler';

export default { purge, storable };
