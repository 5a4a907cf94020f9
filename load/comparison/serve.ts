/** Starts a system, warms it up, and stops it. */

import { join } from 'node:path';
import { sleep } from '../../testkit/until';
import { Container } from '../rig/container';
import { BUNDLE } from '../rig/set-up';
import { TemporaryFolder } from '../rig/temporary-folder';
import { fillIn, freePorts, type Ports, writeFiles } from './layout';
import { APP_IMAGE, type System } from './systems';

export interface Serving {
  ports: Ports;
  nginx: Container;
  /** uWSGI, and the poller if there is one. */
  app: Container[];
  stop: () => void;
}

const TIMEOUT_MS = 15_000;
const OPEN_FILES = 16_384;

export async function serve(system: System): Promise<Serving> {
  const ports = await freePorts();
  const folder = new TemporaryFolder(0o755);
  writeFiles(folder.path, system.name, ports);
  const started: Container[] = [];
  const start = (image: string, volumes: [string, string][], command: string[]) => {
    const [program = '', ...rest] = command;
    const options = { image, volumes, openFiles: OPEN_FILES, program, arguments: rest };
    const container = Container.start(options);
    started.push(container);
    return container;
  };
  // not gracefully: an overloaded app would take long to stop
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
      app: app.map((command) =>
        start(
          APP_IMAGE,
          [appFolder],
          command.map((word) => fillIn(word, ports)),
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
    const logs = started.map((container) => container.logs()).join('\n');
    stop();
    throw new Error(`${system.name} does not start: ${error}\n${logs}`);
  }
}

/** Makes a short slow call until the response is right. */
async function warmUp(port: number): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let response = 'none';
  while (response !== '200: result of warm-up\n') {
    if (Date.now() > end) {
      throw new Error(`response to the warm-up call: ${response}`);
    }
    await sleep(100);
    response = await fetch(`http://127.0.0.1:${port}/work?job=warm-up&length=10`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(async (answer) => `${answer.status}: ${await answer.text()}`, String);
  }
}
