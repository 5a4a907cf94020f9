/** `make bench-scale`: memory and CPU of nginx for held clients, polled and on Redis, with each engine. */

import { readFileSync } from 'node:fs';
import { benchmark } from '../runner/definition';
import { kilobytes, latency, ms, seconds } from '../runner/figures';
import { describe } from '../runner/machine';
import { measure, type Outcome } from '../runner/measure';
import { type Column, table } from '../runner/publish';
import { OPEN_FILES } from '../runner/serve';
import { choices, count, levels } from '../runner/settings';
import { imagesOf, readSystems, type System, systemsNamed } from '../runner/system';

const systems = [
  ...readSystems(import.meta.dirname),
  ...systemsNamed(['offload', 'offload-redis', 'offload-redis-quickjs']),
];
const names = systems.map(({ name }) => name);

/** Of nginx, for a client: its own, both ends of the private one, and that to Redis. */
const CONNECTIONS = { polling: 3, redis: 4 };
/** k6 inherits the limit of this process. */
const [, MOST_FILES] =
  /Max open files +\d+ +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
/** The kernel does not spread connections evenly: more than was measured. */
const IMBALANCE = 1.25;

export interface Measured extends Outcome {
  held: number;
  seconds: number;
  /** Worker processes of nginx. */
  workers: number;
}

export default benchmark({
  page: 'docs/scale.md',
  settings: {
    SYSTEMS: choices(names, names.join(), 'ways of waiting, with each engine'),
    LEVELS: levels(
      '1000x30s,10000x30s,10000x120s',
      'clients held at the same time, and their jobs',
    ),
    RATE: count('500', 'new clients per second'),
  },
  check: ({ LEVELS, RATE }) => {
    for (const [clients, length] of LEVELS) {
      const name = `LEVELS=${clients}x${length}ms`;
      if (clients > Number(MOST_FILES) - 500) {
        return `${name}: k6 may have ${MOST_FILES} open files (ulimit -Hn)`;
      }
      if ((clients / RATE) * 1000 >= length) {
        return `${name}: at RATE=${RATE} the first clients leave before the last ones come`;
      }
    }
    return undefined;
  },
  images: ({ SYSTEMS }) => imagesOf(systemsNamed(SYSTEMS, systems)),
  software: ['nginx', 'njs', 'uWSGI', 'Redis'],
  usesK6: true,
  async *measure({ SYSTEMS, LEVELS, RATE }): AsyncIterable<Measured> {
    for (const system of systemsNamed(SYSTEMS, systems)) {
      for (const [clients, length] of LEVELS) {
        console.log(`${system.name}: ${clients} clients for ${length / 1000} s`);
        const workers = workersFor(system, clients);
        const outcome = await measure(larger(system, workers), {
          ...{ CONNECTIONS: clients, REQUESTS: clients, JOB: length, SPREAD: 0, RATE },
          // by the backoff, as nothing is known of the route
          ...{ EARLIER: 0, LIMIT: 3 * length + 120_000 },
        });
        yield { ...outcome, held: clients, seconds: length / 1000, workers };
      }
    }
  },
  isWrong: ({ held, right }) => right < held,
  tables: (results) => `${table(COLUMNS, results.measured)}
${results.settings.RATE} new clients per second. ${describe(results)}.
`,
});

/** At least 2, as many as this project's benchmarks have; more where the open files of 2 are not enough. */
function workersFor({ name }: System, clients: number): number {
  const each = name.includes('redis') ? CONNECTIONS.redis : CONNECTIONS.polling;
  return Math.max(2, Math.ceil((clients * each * IMBALANCE) / OPEN_FILES));
}

/** With more worker processes, a timeout longer than the jobs, and a Redis that allows more than 10,000 clients. */
function larger(system: System, workers: number): System {
  const { 'main.conf': main = '', 'nginx.conf': nginx = '' } = system.files;
  const { redis } = system.processes;
  const more = redis === undefined ? {} : { redis: `${redis} --maxclients ${OPEN_FILES}` };
  return {
    ...system,
    processes: { ...system.processes, ...more },
    files: {
      ...system.files,
      'main.conf': main.replace('worker_processes 2;', `worker_processes ${workers};`),
      'nginx.conf': nginx.replace(/include offload.server.conf;/, '$& set $offload_timeout 15m;'),
    },
  };
}

const COLUMNS: Column<Measured>[] = [
  ['', ({ title }) => title],
  ['held', ({ held }) => String(held)],
  ['for', (its) => seconds(its.seconds, 0)],
  ['right', ({ right }) => String(right)],
  ['worker processes', ({ workers }) => String(workers)],
  ['memory', ({ bytesPerHeld }) => kilobytes(bytesPerHeld)],
  // nginx's, for each second that a client is held
  ['CPU for 1 s', (its) => ms((its.cpuSeconds.nginx * 1000) / its.held / its.seconds, 2)],
  ['CPU in all', ({ cpuSeconds }) => seconds(cpuSeconds.nginx)],
  ['polls', ({ callsPerJob }) => (callsPerJob - 1).toFixed(1)],
  ['late p50', ({ addedMs }) => latency(addedMs.p50)],
  ['late p99', ({ addedMs }) => latency(addedMs.p99)],
  ['CPU of the app', ({ cpuSeconds }) => seconds(cpuSeconds.app)],
];
