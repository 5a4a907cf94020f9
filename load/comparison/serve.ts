/** A system, started afresh and warm, and how to end it. */

import { join } from 'node:path';
import { sleep } from '../../test/harness/until';
import { Container } from '../rig/container';
import { BUNDLE } from '../rig/set-up';
import { TemporaryFolder } from '../rig/temporary-folder';
import { fillIn, freePorts, layOut, type Ports } from './layout';
import { APP_IMAGE, type System } from './systems';

export interface Serving {
  ports: Ports;
  nginx: Container;
  /** uWSGI, and what is beside it. */
  app: Container[];
  stop: () => void;
}

const PATIENCE_MS = 15_000;
const OPEN_FILES = 16_384;

export async function serve(system: System): Promise<Serving> {
  const ports = await freePorts();
  const folder = new TemporaryFolder(0o755);
  layOut(folder.path, system.name, ports);
  const started: Container[] = [];
  const start = (image: string, volumes: [string, string][], words: string[]) => {
    const [program = '', ...rest] = words;
    const options = { image, volumes, openFiles: OPEN_FILES, program, arguments: rest };
    const container = Container.start(options);
    started.push(container);
    return container;
  };
  // of an app that is overloaded nothing is left to wait for
  const stop = () => {
    for (const container of started) {
      container.remove();
    }
    folder.remove();
  };
  try {
    const appFolder: [string, string] = [join(folder.path, 'app'), '/srv/app:ro'];
    const app = [
      ['uwsgi', '--ini', '/srv/app/uwsgi.ini'],
      ...(system.beside ? [system.beside] : []),
    ];
    const serving = {
      ports,
      app: app.map((words) =>
        start(
          APP_IMAGE,
          [appFolder],
          words.map((word) => fillIn(word, ports)),
        ),
      ),
      nginx: start(
        system.nginx,
        [
          [join(folder.path, 'system/nginx.conf'), '/etc/nginx/nginx.conf:ro'],
          [join(folder.path, 'common'), '/etc/nginx/common:ro'],
          [join(folder.path, 'system'), '/etc/nginx/system:ro'],
          [BUNDLE, '/etc/nginx/offload:ro'],
        ],
        ['nginx', '-g', 'daemon off;'],
      ),
      stop,
    };
    await warmUp(ports.NGINX);
    return serving;
  } catch (error) {
    const said = started.map((container) => container.logs()).join('\n');
    stop();
    throw new Error(`${system.name} does not serve: ${error}\n${said}`);
  }
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
