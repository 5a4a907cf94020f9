/** `make bench-machines`: three nginx with one Redis and one app, one of them killed; and what more clients take. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep, until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { answers, freePort } from '../../testkit/machines/ports';
import { openFilesOf } from '../../testkit/machines/processes';
import { chosen } from '../comparison/peers';
import { benchmark, type Results } from '../runner/definition';
import { kilobytes } from '../runner/figures';
import { describe } from '../runner/machine';
import { PUBLISHED, table } from '../runner/publish';
import { type Serving, serve } from '../runner/serve';
import { count, duration, type Values } from '../runner/settings';
import { slowCall } from '../runner/slow-call';
import { onStage } from '../runner/stage';
import { imagesOf, type System } from '../runner/system';
import { CONNECTIONS, type Run } from '../scale/benchmark';
import { COMMANDS, capacity, type PerClient } from './model';

const MACHINES = 3;
const HELD = [10_000, 100_000, 1_000_000];
/** The level of make bench-scale whose figures are taken for a client. */
const LEVEL = { held: 10_000, seconds: 30 };
const CLUSTER_NODES = 6;
/** Of the queue, beside those of the model: RPUSH and BLPOP. */
const QUEUE_COMMANDS = 2;

const settings = {
  CLIENTS: count('600', 'held by all nginx together'),
  CALL: duration('20s', 'length of the work of each'),
};
type Settings = Values<typeof settings>;

export interface Machines {
  /** Clients of the nginx that was killed, and all that lost their connection. */
  ofKilled: number;
  lost: number;
  /** Right answers, with the calls that those made again. */
  right: number;
  /** Connections at Redis, while all are held and after the kill. */
  atRedis: { held: number; afterKill: number };
  /** Commands at Redis, from the first call to the last answer. */
  commands: number;
  /** Open files of the nginx that were not killed, for a client. */
  filesPerClient: number;
  redisBytesPerClient: number;
}

const [system] = chosen(['offload-redis']) as [System];

export default benchmark({
  target: 'bench-machines',
  about: 'three nginx with one Redis, one of them killed, and what more clients take',
  page: 'docs/scale.md',
  heading: 'Many clients on several machines',
  file: 'machines',
  settings,
  check: ({ CLIENTS }) =>
    CLIENTS % MACHINES === 0 ? undefined : `CLIENTS=${CLIENTS}: not a multiple of ${MACHINES}`,
  images: () => imagesOf([system]),
  software: ['nginx', 'njs', 'Redis', 'redis-py'],
  async *measure(its) {
    yield await measure(its);
  },
  tables: (results) => `${modelTable(results.measured)}
${checkTable(results.measured, results.settings)}
${describe(results)}.
`,
});

function measure(its: Settings): Promise<Machines> {
  return onStage(async (stage) => {
    const serving = await serve(system, stage);
    const nginx = [serving.nginx];
    const ports = [serving.port];
    while (nginx.length < MACHINES) {
      const port = await freePort();
      nginx.push(await serving.another('nginx', { NGINX: port }));
      await until('nginx listens', () => answers(port));
      ports.push(port);
    }
    const pids = nginx.map((each) => each.childPids());
    const before = await usageOf(serving);
    const files = () => openFilesOf(pids.slice(1).flat());
    const filesBefore = files();

    const ask = async (at: number, port: number) =>
      (await slowCall(port, `m-${at}`, its.CALL)) === undefined;
    let isKilled = false;
    let lost = 0;
    const clients = Array.from({ length: its.CLIENTS }, async (_, at) => {
      const isRight = await ask(at, ports[at % MACHINES] as number);
      if (!isRight && isKilled) {
        lost++;
        // as the client would, and its balancer
        return ask(at, ports[1 + (at % (MACHINES - 1))] as number);
      }
      return isRight;
    });
    await until(
      'all clients are held',
      async () => (await usageOf(serving)).clients - before.clients >= its.CLIENTS,
      its.CALL,
    );
    await sleep(1000);
    const held = await usageOf(serving);
    const filesHeld = files() - filesBefore;
    isKilled = true;
    await (nginx[0] as Container).signal('KILL');
    // before the first of the calls again has its answer
    await sleep(2000);
    const afterKill = await usageOf(serving);
    const right = (await Promise.all(clients)).filter((isRight) => isRight).length;
    const end = await usageOf(serving);
    return {
      ofKilled: its.CLIENTS / MACHINES,
      ...{ lost, right },
      atRedis: {
        held: held.clients - before.clients,
        afterKill: afterKill.clients - before.clients,
      },
      commands: end.commands - before.commands,
      filesPerClient: filesHeld / ((its.CLIENTS * (MACHINES - 1)) / MACHINES),
      redisBytesPerClient: (held.bytes - before.bytes) / its.CLIENTS,
    };
  });
}

/** Of Redis, by its INFO. */
async function usageOf({ named: { redis }, ports }: Serving) {
  const info = (await redis?.run(['redis-cli', '-p', String(ports.REDIS), 'info', 'all'])) ?? '';
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    clients: of('connected_clients'),
    commands: of('total_commands_processed'),
    bytes: of('used_memory'),
  };
}

/** @returns Markdown: the model beside what was measured */
function checkTable(measured: Machines, { CLIENTS }: Pick<Settings, 'CLIENTS'>): string {
  const { ofKilled, lost, right, atRedis, commands, filesPerClient } = measured;

  return `${CLIENTS} clients on ${MACHINES} nginx with one Redis and one app; one nginx is killed, and its clients call again:

${table(
  ['', 'model', 'measured'],
  [
    ['connections of nginx for a client', String(CONNECTIONS.redis), filesPerClient.toFixed(2)],
    ['connections at Redis', String(CLIENTS), String(atRedis.held)],
    [
      'the same 2 s after the kill, with the calls again',
      String(CLIENTS),
      String(atRedis.afterKill),
    ],
    ['clients that lose their connection', String(ofKilled), String(lost)],
    ['right answers, with the calls again', String(CLIENTS), String(right)],
    [
      'commands at Redis, with those of the queue',
      String((CLIENTS + ofKilled) * (COMMANDS.stream + QUEUE_COMMANDS)),
      String(commands),
    ],
    ['memory of Redis for a client', '–', kilobytes(measured.redisBytesPerClient, 1)],
  ],
)}`;
}

/** @returns Markdown: what 10,000 to 1,000,000 held clients take */
function modelTable(measured: Machines): string {
  const one = perClient(measured);
  const all = HELD.map((held) => capacity(held, one, LEVEL.seconds, CLUSTER_NODES));
  const row = (title: string, of: (each: (typeof all)[number]) => string) => [
    title,
    ...all.map(of),
  ];
  const number = (value: number) => Math.round(value).toLocaleString('en-GB');
  const size = (bytes: number) =>
    bytes < 2 ** 30 ? `${number(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return `Held clients with jobs of ${LEVEL.seconds} s, njs's own engine:

${table(
  ['', ...HELD.map((held) => number(held))],
  [
    row('nginx machines, with one to lose', ({ machines }) => number(machines)),
    row('clients that a machine has, and loses', ({ lost }) => number(lost)),
    row('polling: memory of nginx', ({ polling }) => size(polling.bytes)),
    row('polling: connections of nginx', ({ polling }) => number(polling.connections)),
    row('polling: polls a second at the app', ({ polling }) => number(polling.pollsPerSecond)),
    row('Redis: memory of nginx', ({ redis }) => size(redis.bytes)),
    row('Redis: connections of nginx', ({ redis }) => number(redis.connections)),
    row('Redis: connections at Redis', ({ redis }) => number(redis.clients)),
    row('Redis: memory of Redis for them', ({ redis }) => size(redis.bytesAtRedis)),
    row('Redis: commands a second, streams', ({ redis }) => number(redis.streamCommandsPerSecond)),
    row('Redis: commands a second, Celery', ({ redis }) => number(redis.celeryCommandsPerSecond)),
    row(
      `Redis: messages a second between ${CLUSTER_NODES} nodes of a cluster, Celery`,
      ({ redis }) => number(redis.clusterMessagesPerSecond),
    ),
  ],
)}`;
}

/** The figures of a client are those of make bench-scale. */
function perClient({ redisBytesPerClient }: Machines): PerClient {
  const file = join(PUBLISHED, 'scale.json');
  const { measured }: Results<unknown, Run[]> = JSON.parse(readFileSync(file, 'utf8'));
  const of = (system: string) => {
    const found = measured.find(
      (run) => run.system === system && run.held === LEVEL.held && run.seconds === LEVEL.seconds,
    );
    if (found === undefined) {
      throw new Error(`${file} has no ${LEVEL.held} clients of ${system} for ${LEVEL.seconds} s`);
    }
    return found;
  };
  const polled = of('polled');
  return {
    pollingBytes: polled.bytesPerHeld,
    redisBytes: of('offload-redis').bytesPerHeld,
    polls: (polled.callsPerJob - 1) / LEVEL.seconds,
    bytesAtRedis: redisBytesPerClient,
  };
}
