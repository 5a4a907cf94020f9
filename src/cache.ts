/** The bundle of the cache (nginx/cache): the names that its snippets call, and nothing else. */

import { purge } from './edge/purge';
import { verdict } from './edge/verdict';

export default { purge, verdict };
