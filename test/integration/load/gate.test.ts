/** The gate. It runs alone, after all others: on busy CPUs more polls are under way at once, which takes memory. */

import { engines, onRelease } from '../../../testkit/nginx';
import { CONNECTIONS, exceededBounds, JOB, REQUESTS } from './gate';

test.each(engines)(
  `${REQUESTS} calls of ${JOB} on ${CONNECTIONS} connections are within all bounds: ${onRelease}`,
  async (release) => {
    expect(await exceededBounds(release)).toEqual([]);
  },
);
