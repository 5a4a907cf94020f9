/** The gate. It runs alone, after all others: on busy CPUs more polls are under way at once, which takes memory. */

import { engines, onRelease } from '../../../testkit/servers/nginx';
import { CONNECTIONS, exceededBounds, JOB, REQUESTS } from './gate';

// where the machine stood still for half a second, polls came together: measured once more, which jest says
jest.retryTimes(1, { logErrorsBeforeRetry: true });

test.each(engines)(
  `${REQUESTS} calls of ${JOB} on ${CONNECTIONS} connections are within all bounds: ${onRelease}`,
  async (release) => {
    expect(await exceededBounds(release)).toEqual([]);
  },
);
