/** `make bench-overhead`: the cost of the offload for requests that are not offloaded. */

import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { call } from '../../testkit/clients/client';
import { until } from '../../testkit/clients/until';
import { enginesOf, RELEASES } from '../../testkit/machines/releases.js';
import type { Release } from '../../testkit/servers/nginx';
import { benchmark } from '../runner/definition';
import { change } from '../runner/figures';
import { fill, filledFile } from '../runner/fill';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { choices, count } from '../runner/settings';
import { onStage } from '../runner/stage';

/** By their numbers in nginx.conf. */
export const PARTS = [
  'nginx without the offload',
  '`load_module`',
  '`http.conf`',
  '`server.conf`, and the server of the waiter',
  '`proxy.conf`, or `accepted.conf` in its place',
  '`$offload_polls` in the access log (optional)',
  '`metrics/http.conf` and `count.conf` (optional)',
];
/** An app; no app, where the relative cost is largest; an app behind accepted.conf. */
const KINDS = ['proxy', 'nothing', 'accepted'] as const;
type Kind = (typeof KINDS)[number];
/** A busy machine wakes nginx more often for a request, never less: the fewest of so many runs count. */
const RUNS = 5;

export interface Measured {
  /** The kind, and the nginx. */
  location: string;
  part: string;
  /** Of a request, with this part and those before; and what this part adds, in all and by those of the first. */
  instructions: number;
  added: number;
  share: number;
}

export default benchmark({
  page: 'docs/scale.md',
  settings: {
    KIND: choices(
      KINDS,
      KINDS.join(),
      'proxy: a location with an app; nothing: without an app; accepted: through accepted.conf',
    ),
    REQUESTS: count(
      '1000',
      `of each of ${RUNS} runs, of which the one with the fewest instructions counts`,
    ),
    OFFLOAD_MATRIX: choices(RELEASES, 'trixie', `of ${RELEASES}`),
  },
  images: ({ OFFLOAD_MATRIX }) =>
    OFFLOAD_MATRIX.flatMap((release) => [`nginx:${release}`, `callgrind:${release}`]),
  // of each location
  software: [],
  async *measure({ KIND, REQUESTS, OFFLOAD_MATRIX }): AsyncIterable<Measured> {
    for (const release of OFFLOAD_MATRIX.flatMap(enginesOf)) {
      for (const kind of KIND) {
        yield* await measureLocation(release, kind, REQUESTS);
      }
    }
  },
  tables: (
    results,
  ) => `Instructions of nginx for a request, without the kernel; each part is added to those above it:

${table(
  [
    ['part', ({ part }) => part],
    ['location', ({ location }) => location],
    ['instructions', ({ instructions }) => instructions.toFixed(0)],
    ['added', ({ added }) => added.toFixed(0)],
    ['relative', ({ share }) => change(share, 1)],
  ],
  results.measured,
)}
${describe(results)}.
`,
});

/** nginx.conf with the parts up to this one. */
export function configuration(part: number, kind: Kind, engine: string, port: number): string {
  const lines = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8').split('\n');
  const isIn = (line: string) => {
    const [, marks = ''] = / {3}# ([\w -]+)$/.exec(line) ?? [];
    return marks
      .split(' ')
      .every((mark) => [kind, engine, ''].includes(mark) || isPart(Number(mark), part));
  };
  return fill(lines.filter(isIn).join('\n'), { PORT: port });
}

/** A part and all later ones; with a minus, all before it. */
function isPart(mark: number, part: number): boolean {
  return mark < 0 ? part < -mark : part >= mark;
}

function measureLocation({ release, nginx, njs, engine }: Release, kind: Kind, requests: number) {
  const location = `${kind}, nginx ${nginx}, njs ${njs}${engine === 'qjs' ? ', QuickJS' : ''}`;
  // metrics need njs 0.8.0 or newer
  const parts = njs.startsWith('0.7.') ? PARTS.slice(0, -1) : PARTS;
  return onStage(async ({ nginx: start, folder }) => {
    // the app is another nginx
    const app = join(import.meta.dirname, 'app.conf');
    await start((PORT) => filledFile(app, { PORT }), { image: `nginx:${release}` });
    const all: Measured[] = [];
    for (const [at, part] of parts.entries()) {
      const conf = (port: number) => configuration(at, kind, engine, port);
      const instructions = await instructionsOf(conf, requests, `callgrind:${release}`, folder);
      console.log(`${location}: ${instructions.toFixed(0)} instructions: ${part}`);
      const added = instructions - (all.at(-1)?.instructions ?? instructions);
      const share = added / (all[0]?.instructions ?? instructions);
      all.push({ location, part, instructions, added, share });
    }
    return all;
  });
}

/**
 * Of a request, counted by callgrind: independent of the machine's load, and precise enough for parts of a few hundred.
 *
 * @param appFolder of its socket
 */
function instructionsOf(
  conf: (port: number) => string,
  requests: number,
  image: string,
  appFolder: string,
) {
  return onStage(async (stage) => {
    const { container, port } = await stage.nginx(conf, {
      image,
      mounts: { '/run/app': appFolder },
      command: [
        // what was counted is written when nginx reopens its logs, and counted from 0 then
        ...['--callgrind-out-file=/var/log/offload/counts', '--dump-before=ngx_reopen_files'],
        ...['nginx', '-g', 'daemon off; master_process off;'],
      ],
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const counts: number[] = [];
    // one more: the first has nginx's start as well
    for (let run = 1; run <= RUNS + 1; run++) {
      for (let i = 0; i < requests; i++) {
        const { status } = await call(port, '/', { agent });
        if (status !== 200) {
          throw new Error(`status ${status}`);
        }
      }
      await container.signal('USR1');
      const total = () => totalOf(join(stage.folder, `counts.${run}`));
      await until('callgrind has written what it counted', () => total() > 0, 60_000);
      counts.push(total() / requests);
    }
    agent.destroy();
    return Math.min(...counts);
  });
}

/** @returns 0 until it is written */
function totalOf(file: string): number {
  const [, total = 0] = existsSync(file)
    ? (/^totals: (\d+)$/m.exec(readFileSync(file, 'utf8')) ?? [])
    : [];
  return Number(total);
}
