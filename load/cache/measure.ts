/** Measures one configuration: visitors at a constant rate, then simultaneous report requests. */

import { join } from 'node:path';
import { call } from '../../testkit/client';
import { freePort, type Release } from '../../testkit/nginx';
import { answers } from '../../testkit/ports';
import { until } from '../../testkit/until';
import { Container } from '../rig/container';
import { runK6 } from '../rig/k6';
import { startNginx } from '../rig/nginx';
import { TemporaryFolder } from '../rig/temporary-folder';
import { configuration, type Way } from './configuration';
import type { Crowd, Outcome, Visited } from './results';
import type { Settings } from './settings';

export const APP_IMAGE = 'peers:trixie';
const OPEN_FILES = 16_384;

export async function measure(way: Way, settings: Settings, release: Release): Promise<Outcome> {
  const folder = new TemporaryFolder(0o777);
  const appPort = await freePort();
  const app = Container.start({
    image: APP_IMAGE,
    volumes: [[join(import.meta.dirname, 'app'), '/srv/app:ro']],
    openFiles: OPEN_FILES,
    program: 'uwsgi',
    arguments: ['--ini', '/srv/app/uwsgi.ini', '--socket', `127.0.0.1:${appPort}`],
  });
  await until('the app listens', () => answers(appPort));
  const { rate, seconds, pages, loggedIn, lengthMs, ttlMs } = settings;
  const ttl = `${Math.round(ttlMs / 1000)}s`;
  const nginx = await startNginx(
    folder.path,
    (port) => configuration(way, release.engine, ttl, port, appPort),
    { image: `nginx:${release.release}`, openFiles: OPEN_FILES },
  );
  const counts = async (): Promise<{ calls: number; jobs: number }> =>
    JSON.parse((await call(nginx.port, '/counts')).body);
  try {
    await until('the app responds', async () => (await call(nginx.port, '/counts')).status === 200);
    const { figures: visited } = await runK6<Visited>('load/cache/visitors.js', {
      env: {
        URL: `http://127.0.0.1:${nginx.port}`,
        RATE: String(rate),
        SECONDS: String(seconds),
        PAGES: String(pages),
        LOGGED_IN: String(loggedIn),
        LENGTH: String(lengthMs),
      },
    });
    const { calls } = await counts();
    const crowd = await requestReport(nginx.port, settings);
    return { way, visited, calls, crowd: { ...crowd, jobs: (await counts()).jobs } };
  } finally {
    nginx.container.remove();
    app.remove();
    folder.remove();
  }
}

async function requestReport(
  port: number,
  { visitors, reportMs }: Settings,
): Promise<Omit<Crowd, 'jobs'>> {
  const started = Date.now();
  const all = await Promise.all(
    Array.from({ length: visitors }, () => call(port, `/reports/slow?length=${reportMs}`)),
  );
  return {
    right: all.filter(({ status, body }) => status === 200 && body === 'report slow\n').length,
    seconds: (Date.now() - started) / 1000,
  };
}
