/** `make bench-redis`: what clients held on Redis cost nginx, and how long after its publication they have a result. */

import net from 'node:net';
import { Redis as Client } from 'ioredis';
import { quantile } from 'simple-statistics';
import { configuration, limitsConf } from '../../testkit/configuration';
import type { Release } from '../../testkit/nginx';
import { answers, freePort } from '../../testkit/ports';
import { cpuMicrosOf, memoryWithShared } from '../../testkit/processes';
import { sleep, until } from '../../testkit/until';
import { SignallingApp } from '../../testkit/upstream/signalling';
import { benchmark } from '../runner/definition';
import { describe, findReleases, releaseName } from '../runner/machine';
import { progress } from '../runner/progress';
import { table } from '../runner/publish';
import { choices, count, type Values } from '../runner/settings';
import { onStage, type Stage } from '../runner/stage';

/** Clients and worker processes of each run; a client is 4 connections of nginx. */
const LEVELS = [
  { held: 4000, workers: 1 },
  { held: 9000, workers: 2 },
];
/** Of a process: more can't be had everywhere. */
const OPEN_FILES = 20_000;
/** New clients, and results, each second. */
const RATE = 1000;
const REDIS_IMAGE = 'redis:trixie';

const settings = {
  OFFLOAD_MATRIX: choices(
    ['bookworm', 'trixie', 'forky'],
    'trixie,forky',
    'releases of Debian, with each engine',
  ),
  SECONDS: count('60', 'how long the clients are held'),
  SHARE: count('100', '% of the clients of each level'),
};
type Settings = Values<typeof settings>;

export interface Run extends Release {
  held: number;
  workers: number;
  right: number;
  /** Bytes for each client: once all are held, and at the end of SECONDS. */
  memory: { first: number; last: number };
  /** Of a core, while all are held. */
  idleShare: number;
  /** ms of CPU for each client: to hold it, and to answer it. */
  cpu: { hold: number; answer: number };
  /** ms from a result's publication to its client. */
  late: { p50: number; p99: number };
}

export default benchmark({
  target: 'bench-redis',
  about: 'clients held on Redis',
  page: 'docs/redis.md',
  heading: 'Clients held on Redis',
  file: 'redis',
  settings,
  images: ({ OFFLOAD_MATRIX }) => [
    ...OFFLOAD_MATRIX.map((release) => `nginx:${release}`),
    REDIS_IMAGE,
  ],
  // of each run
  software: [],
  async *measure(its) {
    const runs: Run[] = [];
    for (const release of findReleases(its.OFFLOAD_MATRIX, undefined)) {
      for (const { held, workers } of LEVELS) {
        const clients = Math.max(Math.floor((held * its.SHARE) / 100), 1);
        const run = await onStage((stage) => measure(stage, release, clients, workers, its));
        runs.push(run);
        console.log(
          `${release.engine} on nginx ${release.nginx}: ${run.right} of ${run.held} right, ${kilobytes(run.memory.last)} each`,
        );
        yield runs;
      }
    }
  },
  isWrong: (runs) => runs.some(({ held, right }) => right < held),
  tables: (results) => `${describe(results)}\n\n${inMarkdown(results.measured)}`,
  places: ({ measured }) => [
    { page: 'docs/redis.md', mark: 'make bench-redis', text: inMarkdown(measured) },
  ],
});

async function measure(
  stage: Stage,
  release: Release,
  held: number,
  workers: number,
  { SECONDS }: Settings,
): Promise<Run> {
  const redisPort = await freePort();
  await stage.start({
    image: REDIS_IMAGE,
    openFiles: OPEN_FILES,
    command: ['redis-server', '--port', String(redisPort), '--save', '', '--tcp-backlog', '4096'],
  });
  await until('Redis listens', () => answers(redisPort));
  const redis = new Client(redisPort);
  const app = new SignallingApp();
  await app.start();
  const nginx = await stage.nginx(
    (port) =>
      configuration({
        ...{ port, appPort: app.port, redisPort, engine: release.engine },
        ...{ workerProcesses: workers, workerConnections: OPEN_FILES },
        listen: 'backlog=4096',
        server: 'set $offload_timeout 10m;',
      }),
    {
      image: `nginx:${release.release}`,
      openFiles: OPEN_FILES,
      mounts: {
        '/etc/nginx/offload/limits.conf:ro': stage.file('limits.conf', limitsConf([held, held])),
      },
    },
  );
  const pids = nginx.container.childPids();
  const atRest = memoryWithShared(pids);
  const name = `${release.engine} on nginx ${release.nginx}, ${held} held`;
  const memory = () => (memoryWithShared(pids) - atRest) / held;

  const beforeHold = cpuMicrosOf(pids);
  /** When each result came, by its number. */
  const answered = new Map<number, number>();
  const clients: net.Socket[] = [];
  for (let i = 0; i < held; i++) {
    clients.push(openClient(nginx.port, i, () => answered.set(i, performance.now())));
    await paced(i, (done) => progress(`${name}: ${done} calls`));
  }
  await until(
    'all clients wait on Redis',
    async () => Number(/^pubsub_clients:(\d+)/m.exec(await redis.info('clients'))?.[1]) === held,
    60_000,
  );
  const beforeIdle = cpuMicrosOf(pids);
  const first = memory();
  await sleep(SECONDS * 1000);
  const last = memory();
  const beforeAnswers = cpuMicrosOf(pids);
  const published: number[] = [];
  for (let i = 0; i < held; i++) {
    published.push(performance.now());
    void redis.publish(`celery-task-meta-${i}`, `{"status": "SUCCESS", "result": ${i}}`);
    await paced(i, (done) => progress(`${name}: ${done} results`));
  }
  await until('all are answered', () => answered.size === held, 20_000).catch(() => {});
  const afterAnswers = cpuMicrosOf(pids);
  for (const client of clients) {
    client.destroy();
  }
  redis.disconnect();
  await app.stop();
  const late = [...answered]
    .map(([id, at]) => at - (published[id] as number))
    .sort((a, b) => a - b);
  return {
    ...release,
    ...{ held, workers, right: late.length, memory: { first, last } },
    idleShare: (beforeAnswers - beforeIdle) / (SECONDS * 1e6),
    cpu: {
      hold: (beforeIdle - beforeHold) / held / 1000,
      answer: (afterAnswers - beforeAnswers) / held / 1000,
    },
    late: { p50: quantile(late, 0.5), p99: quantile(late, 0.99) },
  };
}

/** Waits after each tenth of a RATE, so that calls and results come at that rate. */
async function paced(i: number, onSecond: (done: number) => void): Promise<void> {
  const step = RATE / 100;
  if (i % step === step - 1) {
    await sleep(10);
  }
  if (i % RATE === RATE - 1) {
    onSecond(i + 1);
  }
}

/** A raw client, as the memory and time of this process count as well. */
function openClient(port: number, job: number, onResult: () => void): net.Socket {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const [, result] = /^HTTP\/1\.1 200 .*\r\n\r\n(\d+)$/s.exec(String(data)) ?? [];
    if (result === String(job)) {
      onResult();
    }
  });
  socket.write(`GET /?X-Offload-Celery=${job} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

function inMarkdown(runs: Run[]): string {
  return table(
    [
      ...['nginx and engine', 'held', 'worker processes', 'memory', 'at the end', 'CPU while held'],
      ...['CPU to hold', 'CPU to answer', 'late p50', 'late p99', 'right'],
    ],
    runs.map((run) => [
      releaseName(run),
      ...[String(run.held), String(run.workers)],
      ...[kilobytes(run.memory.first), kilobytes(run.memory.last)],
      `${(run.idleShare * 100).toFixed(2)} %`,
      ...[run.cpu.hold, run.cpu.answer].map((ms) => `${ms.toFixed(2)} ms`),
      ...[run.late.p50, run.late.p99].map((ms) => `${ms.toFixed(1)} ms`),
      String(run.right),
    ]),
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
