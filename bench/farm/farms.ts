/** Ways to distribute requests to the processes of an app: farms of farm.sh behind one nginx. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '../../testkit/clients/client';
import { until } from '../../testkit/clients/until';
import { filledFile } from '../runner/fill';
import { BUNDLE } from '../runner/machine';
import type { Stage } from '../runner/stage';

const [NGINX, APP] = ['nginx:trixie', 'peers:trixie'] as const;
export const IMAGES = [NGINX, APP];

export interface Farm {
  /** Of its upstream in nginx.conf, and of its folder. */
  name: string;
  title: string;
  work: 'blocking' | 'CPU-bound';
  /** Number of uWSGI servers; one with several processes is a pool. */
  backends: number;
  /** Lines of uWSGI's, after those of vassal.ini. */
  lines: string;
  /** One socket for all backends. */
  isShared?: boolean;
}

const blocking = { work: 'blocking' as const, backends: 8, lines: '' };
const bound = { work: 'CPU-bound' as const, backends: 4, lines: '' };
const THREADS = 'processes = 4\nthreads = 10';
const pool = (lines: string) => ({ backends: 1, lines });

export const farms: Farm[] = [
  { ...blocking, name: 'round-robin', title: 'farm of 8, round robin' },
  { ...blocking, name: 'least', title: 'farm of 8, least_conn' },
  { ...blocking, name: 'shared', title: 'farm of 8, one socket', isShared: true },
  { ...blocking, name: 'pool', title: 'one uWSGI, 8 processes', ...pool('processes = 8') },
  { ...bound, name: 'threads', title: 'one uWSGI, 4 × 10 threads', ...pool(THREADS) },
  { ...bound, name: 'single', title: 'farm of 4, least_conn' },
  { ...bound, name: 'processes', title: 'one uWSGI, 4 processes', ...pool('processes = 4') },
];

/** Starts them all and warms each process up. @returns the port of nginx */
export async function serve(stage: Stage): Promise<number> {
  const { folder } = stage;
  // the same path in each container
  const mounts = { [folder]: folder };
  for (const farm of farms) {
    const vassals = configure(farm, join(folder, farm.name));
    await stage.start({
      image: APP,
      mounts: { ...mounts, '/srv/app/app.py:ro': join(import.meta.dirname, 'app.py') },
      entrypoint: ['uwsgi', '--emperor', vassals, '--die-on-term'],
    });
  }
  const conf = join(import.meta.dirname, 'nginx.conf');
  const { port } = await stage.nginx((PORT) => filledFile(conf, { PORT, FOLDER: folder }), {
    ...{ image: NGINX, mounts },
  });
  for (const { name, backends } of farms) {
    for (let number = 1; number <= backends; number++) {
      const pid = join(folder, name, `${number}.pid`);
      await until(`backend ${number} of ${name} runs`, () => existsSync(pid), 60_000);
    }
    await Promise.all(Array.from({ length: 16 }, () => call(port, `/${name}/wait?ms=200`)));
  }
  return port;
}

/** By farm.sh, in a folder of its own. @returns that of the Emperor's files */
function configure({ backends, lines, isShared }: Farm, folder: string): string {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const env = {
    ...{ PATH: process.env.PATH, ONE_SOCKET: isShared ? '1' : '', SOCKETS: folder },
    ...{ SERVERS: join(folder, 'servers.conf'), VASSALS: join(folder, 'vassals') },
    TEMPLATE: join(folder, 'vassal.ini'),
  };
  execFileSync(join(BUNDLE, 'service/farm.sh'), [String(backends)], { env });
  appendFileSync(env.TEMPLATE, `disable-logging = true\nlisten = 1000\n${lines}\n`);
  return env.VASSALS;
}
