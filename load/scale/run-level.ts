/** Starts nginx, configured as in the README, and measures one load level. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration, limitsConf } from '../../testkit/configuration';
import type { Release } from '../../testkit/nginx';
import { startNginx } from '../rig/nginx';
import { TemporaryFolder } from '../rig/temporary-folder';
import { PollApp } from './app';
import { addresses, type Limits } from './capacity';
import type { Progress } from './clients';
import { type Measured, measure } from './measure';
import type { Level } from './plan';

/** @param report called each second with the clients' progress and the growth of nginx in bytes */
export async function runLevel(
  { release, engine }: Release,
  level: Level,
  limits: Limits,
  report: (progress: Progress, bytes: number) => void,
): Promise<Measured> {
  const { openFiles, workerProcesses, arrivals } = limits;
  const folder = new TemporaryFolder(0o777);
  const app = await PollApp.start(release, folder.path, openFiles);
  const limitsFile = join(folder.path, 'limits.conf');
  writeFileSync(limitsFile, limitsConf([level.held, level.held]));
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
        // longer than the longest job (capacity.ts)
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
      ...level,
      port: nginx.port,
      addresses: addresses(level.held, limits),
      arrivals,
    };
    return await measure(order, app, nginx.container.childPids(), report);
  } finally {
    nginx.container.remove();
    app.stop();
    folder.remove();
  }
}
