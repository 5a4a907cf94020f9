/** One configuration, newly started, under the load. */

import { join } from 'node:path';
import { answers, freePort } from '../../testkit/ports';
import { until } from '../../testkit/until';
import { Container } from '../rig/container';
import { startNginx } from '../rig/nginx';
import { BUNDLE } from '../rig/set-up';
import { TemporaryFolder } from '../rig/temporary-folder';
import { sampleBusyWorkers } from './busy';
import { load } from './load';
import type { Run } from './results';
import type { Settings } from './settings';
import { configuration, uwsgiArguments, type Way } from './ways';

export const APP_IMAGE = 'peers:trixie';
export const NGINX_IMAGE = 'nginx:trixie';

export async function measure(way: Way, settings: Settings): Promise<Run> {
  const folder = new TemporaryFolder(0o777);
  const [appPort, statsPort] = await Promise.all([freePort(), freePort()]);
  const app = Container.start({
    image: APP_IMAGE,
    program: 'uwsgi',
    volumes: [
      [join(import.meta.dirname, 'app'), '/srv/app:ro'],
      [BUNDLE, '/etc/nginx/offload:ro'],
    ],
    arguments: uwsgiArguments(way, appPort, statsPort),
  });
  try {
    await until('uWSGI listens', () => answers(appPort));
  } catch (error) {
    throw new Error(`${error}\n${app.logs()}`);
  }
  const nginx = await startNginx(folder.path, (port) => configuration(way, port, appPort), {
    image: NGINX_IMAGE,
  });
  const busy = sampleBusyWorkers(statsPort);
  const counted = await load(nginx.port, settings);
  const run = { way, ...counted, busy: await busy() };
  nginx.container.remove();
  app.remove();
  folder.remove();
  return run;
}
