/** The stream bundle: the name that nginx/redis/waiter.conf calls. */

import { wait } from './offload/redis/redis.njs';

export default { wait };
