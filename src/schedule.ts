/** The bundle that plans: a request of its own in the waiter, once a second at most. */

import { plan } from './schedule/handler';

export default { plan };
