/**
 * `make bench-attempt`: what an attempt of a held client costs nginx, by part: instructions, system calls and CPU.
 *
 * Two crowds of the same size are held, one longer than the other, and leave without a result: what the second one takes
 * more, divided by the attempts that it makes more, is an attempt without the call itself.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pauseBefore } from '../../src/offload/schedule/pause';
import { App } from '../../testkit/apps/app';
import { openHttp1 } from '../../testkit/clients/client';
import { sleep, until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { cpuMicrosOf } from '../../testkit/machines/processes';
import { enginesOf, RELEASES } from '../../testkit/machines/releases.js';
import type { Release } from '../../testkit/servers/nginx';
import { benchmark } from '../runner/definition';
import { filledFile } from '../runner/fill';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { choices, count, duration } from '../runner/settings';
import { onStage, type Stage } from '../runner/stage';

/** Each adds to those before it. A bundle of idle.js by its handler, or our own by $offload_poll_cost. */
const PARTS = [
  { part: 'two private connections, and JavaScript that does nothing', idle: 'idle', cost: 'off' },
  { part: 'a poll of the app by a subrequest', idle: 'polling', cost: 'off' },
  { part: 'offload.js, with the backoff', idle: '', cost: 'off' },
  { part: 'offload.js, with a learned plan', idle: '', cost: '25ms' },
];
type Part = (typeof PARTS)[number];

const INTERVAL_MS = 250;
/** A poll at each interval, longer than any crowd is held. */
const PLAN = JSON.stringify([
  'plan 1',
  50,
  false,
  Array.from({ length: 30 }, (_, at) => (at + 1) * INTERVAL_MS),
]);
const SCHEDULE = '/run/nginx-offload/schedule';

export interface Measured {
  nginx: string;
  part: string;
  instructions: number;
  systemCalls: number;
  /** ms of a CPU. */
  cpu: number;
}

export default benchmark({
  page: 'docs/scale.md',
  settings: {
    CLIENTS: count('200', 'held at once for the CPU time; a tenth for the rest'),
    LONGER: duration('3s', 'how much longer the second crowd is held'),
    OFFLOAD_MATRIX: choices(RELEASES, 'trixie', `of ${RELEASES}`),
  },
  images: ({ OFFLOAD_MATRIX }) =>
    OFFLOAD_MATRIX.flatMap((release) => [
      `nginx:${release}`,
      `callgrind:${release}`,
      `nginx:${release}+strace`,
    ]),
  // of each nginx
  software: [],
  async *measure({ CLIENTS, LONGER, OFFLOAD_MATRIX }): AsyncIterable<Measured> {
    const app = new App();
    await app.start();
    for (const release of OFFLOAD_MATRIX.flatMap(enginesOf)) {
      for (const part of PARTS) {
        const of = { release, part, app: app.port, longer: LONGER };
        const measured = {
          nginx: `${release.nginx}, njs ${release.njs}${release.engine === 'qjs' ? ', QuickJS' : ''}`,
          part: part.part,
          instructions: await instructionsOf({ ...of, clients: Math.ceil(CLIENTS / 50) }),
          systemCalls: await systemCallsOf({ ...of, clients: Math.ceil(CLIENTS / 10) }),
          cpu: await cpuOf({ ...of, clients: CLIENTS }),
        };
        console.log(
          `${measured.nginx}: ${Math.round(measured.instructions)} instructions, ` +
            `${measured.systemCalls.toFixed(1)} system calls, ${measured.cpu.toFixed(3)} ms: ${part.part}`,
        );
        yield measured;
      }
    }
    await app.stop();
  },
  tables: (
    results,
  ) => `Of an attempt; each part has those above it, and the last a plan in place of the backoff:

${table(
  [
    ['part', ({ part }) => part],
    ['nginx', ({ nginx }) => nginx],
    ['instructions', ({ instructions }) => instructions.toFixed(0)],
    ['system calls', ({ systemCalls }) => systemCalls.toFixed(1)],
    ['CPU', ({ cpu }) => `${cpu.toFixed(2)} ms`],
  ],
  results.measured,
)}
${describe(results)}.
`,
});

interface Of {
  release: Release;
  part: Part;
  /** Its port. */
  app: number;
  clients: number;
  /** ms. */
  longer: number;
}

/** nginx under callgrind, which counts without regard to other load; the kernel's are not in it. */
function instructionsOf(of: Of): Promise<number> {
  return onStage(async (stage) => {
    const nginx = await start(stage, of, `callgrind:${of.release.release}`, [
      ...['--callgrind-out-file=/var/log/offload/counts', '--dump-before=ngx_reopen_files'],
      ...['nginx', '-g', 'daemon off; master_process off;'],
    ]);
    let dumps = 0;
    return difference(stage, nginx, of, async () => {
      const file = join(stage.folder, `counts.${++dumps}`);
      await nginx.container.signal('USR1');
      const total = () =>
        existsSync(file) ? /^totals: (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
      await until('callgrind has written what it counted', () => total() !== undefined, 60_000);
      return Number(total());
    });
  });
}

function systemCallsOf(of: Of): Promise<number> {
  return onStage(async (stage) => {
    const nginx = await start(
      stage,
      of,
      `nginx:${of.release.release}+strace`,
      ['-o', '/var/log/offload/trace', 'nginx', '-g', 'daemon off; master_process off;'],
      ['strace'],
    );
    let before = 0;
    return difference(stage, nginx, of, async () => {
      const lines = readFileSync(join(stage.folder, 'trace'), 'utf8').split('\n').length;
      const since = lines - before;
      before = lines;
      return since;
    });
  });
}

/** ms. */
function cpuOf(of: Of): Promise<number> {
  return onStage(async (stage) => {
    const nginx = await start(stage, of, `nginx:${of.release.release}`);
    await until('nginx has its worker', () => nginx.container.childPids().length > 0);
    let before = 0;
    return difference(stage, nginx, of, async () => {
      const all = cpuMicrosOf(nginx.container.childPids()) / 1000;
      const since = all - before;
      before = all;
      return since;
    });
  });
}

interface Nginx {
  container: Container;
  port: number;
}

async function start(
  stage: Stage,
  { release, part, app }: Of,
  image: string,
  command?: string[],
  entrypoint?: string[],
): Promise<Nginx> {
  const conf = (port: number) =>
    filledFile(join(import.meta.dirname, 'nginx.conf'), {
      ...{ PORT: port, APP: app, POLL_COST: part.cost },
      ENGINE: release.engine === 'qjs' ? 'js_engine qjs;' : '',
    });
  const idle = () =>
    stage.file(
      'idle.js',
      filledFile(join(import.meta.dirname, 'idle.js'), {
        ...{ PAUSE: pauseBefore(INTERVAL_MS), POLL: part.idle },
      }),
    );
  const nginx = await stage.nginx(conf, {
    image,
    entrypoint,
    ...(command === undefined ? {} : { command }),
    mounts: part.idle === '' ? {} : { '/etc/nginx/offload/offload.js:ro': idle() },
  });
  const plan = `mkdir -p ${SCHEDULE}; echo '${PLAN}' >${SCHEDULE}/route-bench.plan`;
  await nginx.container.run(['sh', '-c', plan]);
  return nginx;
}

/** @param take what nginx took since it was called before. @returns the share of one attempt */
async function difference(
  stage: Stage,
  nginx: Nginx,
  { clients, longer }: Of,
  take: () => Promise<number>,
): Promise<number> {
  const crowds: { took: number; attempts: number }[] = [];
  let logged = 0;
  const least = 4 * INTERVAL_MS;
  // the first one takes what nginx does once
  for (const held of [least, least, least + longer]) {
    const crowd = Array.from({ length: clients }, () =>
      openHttp1(nginx.port, '/job?length=600000'),
    );
    await sleep(held);
    for (const client of crowd) {
      client.disconnect('FIN');
    }
    const log = () =>
      readFileSync(join(stage.folder, 'access.log'), 'utf8').split('\n').slice(logged, -1);
    await until('all are logged', () => log().length >= clients, 60_000);
    const attempts = log().join(' ').match(/503/g)?.length ?? 0;
    logged += clients;
    crowds.push({ took: await take(), attempts });
  }
  const [, short, long] = crowds as [unknown, (typeof crowds)[number], (typeof crowds)[number]];
  return (long.took - short.took) / (long.attempts - short.attempts);
}
