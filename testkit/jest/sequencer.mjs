/**
 * Starts the longest test files first, so that the end does not wait for one of them. jest knows how long each
 * took, but not in a clean clone, nor after its folder was moved.
 */
import { existsSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

const LONGEST = [
  ...['bench/bench', 'offload/redis/faults', 'offload/held/lifecycle', 'offload/held/ways'],
  ...['offload/accepted/clients', 'offload/hop/ways', 'offload/hop/many', 'offload/join/joined'],
  ...['offload/learning/faults', 'package/systemd', 'package/package', 'offload/learning/learned'],
  ...['deadline/deadline', 'package/container', 'offload/held/leaks', 'load/docs', 'cache/purged'],
  ...['offload/redis/killed', 'offload/held/systemd', 'build/demo', 'metrics/metrics'],
  'container/compose',
].map((name) => `test/integration/${name}.test.ts`);

export default class extends Sequencer {
  sort(tests) {
    const missing = LONGEST.filter((name) => !existsSync(name));
    if (missing.length > 0) {
      throw new Error(`no such files: ${missing}`);
    }
    const rank = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(name));
      return at === -1 ? LONGEST.length : at;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
