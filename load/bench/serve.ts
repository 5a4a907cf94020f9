/** A system, started afresh and warm, and how to end it. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../test/harness/until';
import { type Container, logs, removeAll, start } from './containers';
import { fillIn, layOut, PORTS, type Ports } from './layout';
import { freePorts } from './ports';
import { APP_IMAGE, BUNDLE } from './set-up';
import type { System } from './systems';

export interface Serving {
  ports: Ports;
  nginx: Container;
  /** uWSGI, and what is beside it. */
  app: Container[];
  stop: () => void;
}

/** At most one system serves at a time. */
let stopServing = () => {};

/** For an end that nobody planned. */
export function stopAll(): void {
  stopServing();
}

const PATIENCE_MS = 15_000;

export async function serve(system: System): Promise<Serving> {
  const ports = await freePorts(PORTS);
  const folder = layOut(system.name, ports);
  const app = { [join(folder, 'app')]: '/srv/app' };
  const stop = () => {
    removeAll();
    rmSync(folder, { recursive: true, force: true });
  };
  stopServing = stop;
  try {
    const serving = {
      ports,
      app: [
        start('app', APP_IMAGE, app, ['uwsgi', '--ini', '/srv/app/uwsgi.ini']),
        ...(system.beside ? [start('beside', APP_IMAGE, app, command(system.beside, ports))] : []),
      ],
      nginx: start(
        'nginx',
        system.nginx,
        {
          [join(folder, 'system/nginx.conf')]: '/etc/nginx/nginx.conf',
          [join(folder, 'common')]: '/etc/nginx/common',
          [join(folder, 'system')]: '/etc/nginx/system',
          [BUNDLE]: '/etc/nginx/offload',
        },
        ['nginx', '-g', 'daemon off;'],
      ),
      stop,
    };
    await warmUp(ports.NGINX);
    return serving;
  } catch (error) {
    const said = logs();
    stop();
    throw new Error(`${system.name} does not serve: ${error}\n${said}`);
  }
}

function command(words: string[], ports: Ports): [string, ...string[]] {
  const [program = '', ...args] = words.map((word) => fillIn(word, ports));
  return [program, ...args];
}

/** One slow call, until it is answered as it should be. */
async function warmUp(port: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let said = 'nothing';
  while (said !== '200: result of warm-up\n') {
    if (Date.now() > end) {
      throw new Error(`a first call is answered with ${said}`);
    }
    await sleep(100);
    said = await fetch(`http://127.0.0.1:${port}/work?job=warm-up&length=10`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then(async (answer) => `${answer.status}: ${await answer.text()}`, String);
  }
}
