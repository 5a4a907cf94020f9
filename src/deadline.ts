/** The bundle of nginx/deadline: the names that its snippets call, and nothing else. */

import { ended } from './deadline/deadline.njs';

export default { ended };
