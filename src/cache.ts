/** The bundle of the cache (nginx/cache): the names that its snippets call, and nothing else. */

import { purge } from './cache/purge-handler';
import { verdict } from './cache/storable-handler';

export default { purge, verdict };
