/** Starts all systems at the same time, behind one nginx. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '../../testkit/client';
import { until } from '../../testkit/until';
import { Container } from '../rig/container';
import { startNginx } from '../rig/nginx';
import { TemporaryFolder } from '../rig/temporary-folder';
import { configuration, sockets, vassals } from './configuration';
import type { System } from './systems';

export const APP_IMAGE = 'peers:trixie';

export interface Serving {
  port: number;
  stop: () => void;
}

export async function serve(systems: System[], release: string): Promise<Serving> {
  const folder = new TemporaryFolder(0o777);
  const { path } = folder;
  mkdirSync(join(path, 'vassals'));
  for (const [name, text] of systems.flatMap((system) => vassals(system, path))) {
    writeFileSync(join(path, 'vassals', name), text);
  }
  const app = Container.start({
    image: APP_IMAGE,
    volumes: [
      [path, path],
      [join(import.meta.dirname, 'app.py'), '/srv/app/app.py:ro'],
    ],
    program: 'uwsgi',
    arguments: ['--emperor', join(path, 'vassals'), '--die-on-term'],
  });
  for (const socket of systems.flatMap((system) => sockets(system, path))) {
    await until(`uWSGI listens on ${socket}`, () => existsSync(socket), 60_000).catch((error) => {
      throw new Error(`${error}\n${app.logs()}`);
    });
  }
  const nginx = await startNginx(path, (port) => configuration(systems, path, port), {
    image: `nginx:${release}`,
    volumes: [[path, path]],
  });
  // warm-up: each process loads its app
  for (const { name, servers, processes } of systems) {
    const calls = Array.from({ length: 2 * servers * processes }, () =>
      call(nginx.port, `/${name}/wait?ms=200`),
    );
    await Promise.all(calls);
  }
  return {
    port: nginx.port,
    stop: () => {
      nginx.container.remove();
      app.remove();
      folder.remove();
    },
  };
}
