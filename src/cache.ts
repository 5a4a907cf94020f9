/** The bundle of the cache (nginx/cache): the names that its snippets call, and nothing else. */

import { current, kept, purge, storable } from './cache/cache.njs';

export default { current, kept, purge, storable };
