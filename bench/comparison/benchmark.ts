/** `make bench`: each system of bench/systems under the published load, one after the other. */

import { benchmark } from '../runner/definition';
import { type Load, measure } from '../runner/measure';
import { choices, count, countOr0, countsOr0, duration, durations } from '../runner/settings';
import { compared, imagesOf, systemsNamed } from '../runner/system';
import { plot } from './plot';
import { type Measured, readmeTable, tables, wrongOf } from './tables';

const names = compared.map(({ name }) => name);

export default benchmark({
  page: 'docs/benchmark.md',
  /** The published load, also with varying lengths: a constant one favours intervals that divide it. */
  settings: {
    SYSTEMS: choices(names, names.join(), 'folders of bench/systems'),
    CONNECTIONS: count('200', 'simultaneous clients'),
    REQUESTS: count('2000', 'of all clients together; each makes its next when it has its answer'),
    JOB: duration('10s', 'length of the work of a request'),
    SPREAD: durations('0s,2s', 'deviation from it, a list; a run of all systems for each'),
    CROWDS: countsOr0(
      '1000,5000',
      'a further run of all systems for each: so many clients, a call each; 0: none',
    ),
    LIMIT: duration('240s', 'time limit of one system in one run'),
    EARLIER: countOr0('100', 'jobs of each system before those that are measured; 0: a cold start'),
  },
  images: ({ SYSTEMS }) => imagesOf(systemsNamed(SYSTEMS)),
  software: [
    ...['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'Python', 'Flask'],
    ...['uvicorn', 'Starlette', 'Redis', 'redis-py', 'Pushpin'],
  ],
  usesK6: true,
  async *measure({ SYSTEMS, CROWDS, ...its }): AsyncIterable<Measured> {
    const widest = Math.max(...its.SPREAD);
    const crowds = CROWDS.filter((crowd) => crowd > 0);
    const loads: Load[] = [
      ...its.SPREAD.map((SPREAD) => ({ ...its, SPREAD })),
      ...crowds.map((all) => ({ ...its, SPREAD: widest, CONNECTIONS: all, REQUESTS: all })),
    ];
    for (const load of loads) {
      const { CONNECTIONS: connections, REQUESTS: requests, JOB, SPREAD: spread } = load;
      console.log(`\n${connections} connections, ${requests} requests of ${JOB} ± ${spread} ms`);
      for (const system of systemsNamed(SYSTEMS)) {
        const measured = { connections, requests, spread, ...(await measure(system, load)) };
        const all = `${measured.right} right and ${wrongOf(measured)} wrong of ${requests}`;
        console.log(`${system.name}: ${all}, in ${measured.wallSeconds.toFixed(2)} s`);
        yield measured;
      }
    }
  },
  tables,
  readme: readmeTable,
  picture: plot,
});
