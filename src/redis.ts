/** The stream bundle: the name that nginx/redis/waiter.conf calls. */

import { wait } from './redis/handler';

export default { wait };
