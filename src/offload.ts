/** The HTTP bundle: the names that the snippets in nginx/ call, and nothing else. */

import { cancel } from './edge/cancel';
import { end } from './edge/end';
import { fault } from './edge/fault';
import { polls } from './edge/polls';
import { version } from './edge/version';
import { wait, waitOn } from './edge/wait';

export default { cancel, end, fault, polls, version, wait, waitOn };
