/** One nginx as users have it, for one crowd. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration, limitsConf } from '../../test/harness/configuration';
import type { Release } from '../../test/harness/nginx';
import { startNginx } from '../rig/nginx';
import { TemporaryFolder } from '../rig/temporary-folder';
import { PollApp } from './app';
import type { Progress } from './clients';
import { type Measured, measure } from './crowd';
import { addresses, type Limits } from './fits';
import type { Crowd } from './plan';

/** @param report is told each second how far the clients are, and by how many bytes nginx grew */
export async function hold(
  { release, engine }: Release,
  crowd: Crowd,
  limits: Limits,
  report: (progress: Progress, bytes: number) => void,
): Promise<Measured> {
  const { openFiles, workerProcesses, arrivals } = limits;
  const folder = new TemporaryFolder(0o777);
  const app = await PollApp.start(release, folder.path, openFiles);
  const limitsFile = join(folder.path, 'limits.conf');
  writeFileSync(limitsFile, limitsConf([crowd.held, crowd.held]));
  const nginx = await startNginx(
    folder.path,
    (port) =>
      configuration({
        port,
        appPort: app.port,
        engine,
        workerProcesses,
        workerConnections: openFiles,
        listen: 'backlog=65535',
        // longer than any of fits.ts
        server: 'set $offload_timeout 10m;',
      }),
    {
      image: `nginx:${release}`,
      openFiles,
      volumes: [[limitsFile, '/etc/nginx/offload/limits.conf:ro']],
    },
  );
  try {
    const order = {
      ...crowd,
      port: nginx.port,
      addresses: addresses(crowd.held, limits),
      arrivals,
    };
    return await measure(order, app, nginx.container.childPids(), report);
  } finally {
    nginx.container.remove();
    app.stop();
    folder.remove();
  }
}
