/** The HTTP bundle: the names that the snippets in nginx/ call, and nothing else. */

import { fault } from './edge/fault';
import { polls } from './edge/polls';
import { version } from './edge/version';
import { wait } from './edge/wait';

export default { fault, polls, version, wait };
