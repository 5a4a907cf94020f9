/** `make bench-machines`: three nginx with one Redis and one app, one of them killed, and what the model says of it. */

import { sleep, until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { answers, freePort } from '../../testkit/machines/ports';
import { openFilesOf } from '../../testkit/machines/processes';
import { benchmark } from '../runner/definition';
import { kilobytes } from '../runner/figures';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { measureEach, type Serving, slowCall } from '../runner/serve';
import { count, duration } from '../runner/settings';
import { imagesOf, systemsNamed } from '../runner/system';

const MACHINES = 3;
const systems = systemsNamed(['offload-redis']);

export interface Measured {
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

export default benchmark({
  page: 'docs/scale.md',
  settings: {
    CLIENTS: count('600', 'held by all nginx together'),
    CALL: duration('20s', 'length of the work of each'),
  },
  images: () => imagesOf(systems),
  software: ['nginx', 'njs', 'Redis', 'redis-py'],
  measure: ({ CLIENTS, CALL }): AsyncIterable<Measured> =>
    measureEach(systems, async (serving) => {
      const nginx = [serving.nginx];
      const ports = [serving.port];
      while (nginx.length < MACHINES) {
        const port = await freePort();
        nginx.push(await serving.another('nginx', { NGINX: port }));
        await until('nginx listens', () => answers(port));
        ports.push(port);
      }
      const pids = nginx.slice(1).flatMap((each) => each.childPids());
      const before = { ...(await redisOf(serving)), files: openFilesOf(pids) };

      let lost = 0;
      const clients = Array.from({ length: CLIENTS }, async (_, at) => {
        const ask = (port?: number) => slowCall(port as number, `m-${at}`, CALL);
        const end = await ask(ports[at % MACHINES]);
        if (end === 'right') {
          return end;
        }
        lost++;
        // as the client would, and its balancer
        return ask(ports[1 + (at % (MACHINES - 1))]);
      });
      const areHeld = async () => (await redisOf(serving)).clients - before.clients >= CLIENTS;
      await until('all clients are held', areHeld, CALL);
      await sleep(1000);
      const held = { ...(await redisOf(serving)), files: openFilesOf(pids) };
      await (nginx[0] as Container).signal('KILL');
      // before the first of the calls again has its answer
      await sleep(2000);
      const afterKill = await redisOf(serving);
      const right = (await Promise.all(clients)).filter((end) => end === 'right').length;
      const ofKilled = Math.ceil(CLIENTS / MACHINES);
      return {
        ...{ ofKilled, lost, right },
        atRedis: {
          held: held.clients - before.clients,
          afterKill: afterKill.clients - before.clients,
        },
        commands: (await redisOf(serving)).commands - before.commands,
        filesPerClient: (held.files - before.files) / (CLIENTS - ofKilled),
        redisBytesPerClient: (held.bytes - before.bytes) / CLIENTS,
      };
    }),
  tables: ({ settings: { CLIENTS }, measured, ...results }) => {
    const rows = measured.flatMap((its) => [
      ['connections of nginx for a client', 4, its.filesPerClient.toFixed(2)],
      ['connections at Redis', CLIENTS, its.atRedis.held],
      ['the same 2 s after the kill, with the calls again', CLIENTS, its.atRedis.afterKill],
      ['clients that lose their connection', its.ofKilled, its.lost],
      ['right answers, with the calls again', CLIENTS, its.right],
      // 4 of the model, and RPUSH and BLPOP of the queue
      ['commands at Redis, with those of the queue', (CLIENTS + its.ofKilled) * 6, its.commands],
      ['memory of Redis for a client', '–', kilobytes(its.redisBytesPerClient, 1)],
    ]);
    return `${CLIENTS} clients on ${MACHINES} nginx with one Redis and one app; one nginx is killed, and its clients call again:

${table(
  ['', 'model', 'measured'].map((title, at) => [title, (row: unknown[]) => String(row[at])]),
  rows,
)}
${describe(results)}.
`;
  },
});

/** By its INFO. */
async function redisOf({ named: { redis }, ports }: Serving) {
  const info = (await redis?.run(['redis-cli', '-p', String(ports.REDIS), 'info', 'all'])) ?? '';
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    ...{ clients: of('connected_clients'), commands: of('total_commands_processed') },
    bytes: of('used_memory'),
  };
}
