/** The bundle of the cache (nginx/cache): the names that its snippets call, and nothing else. */

import { current, purge, storable } from './cache/handler';

export default { current, purge, storable };
