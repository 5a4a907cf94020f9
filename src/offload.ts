/** The HTTP bundle: the names that the snippets in nginx/ call, and nothing else. */

import { end } from './cancel/end';
import { cancel } from './cancel/handler';
import { wait, waitOn } from './poll/handler';
import { version } from './shared/version';
import { fault } from './wait/handler';
import { polls } from './wait/polls';

export default { cancel, end, fault, polls, version, wait, waitOn };
