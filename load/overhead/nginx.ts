/** nginx in a container, with one step's configuration. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort } from '../../test/harness/nginx';
import { until } from '../../test/harness/until';
import { atTheEnd } from '../at-the-end';
import { Container } from '../container';
import { appConfiguration, configuration, type Kind } from './configuration';
import type { Step } from './steps';

/** Logs, and the app's socket. */
const FOLDER = '/var/log/offload';

/** A folder that all of a run share. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-load-'));
  chmodSync(folder, 0o777);
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function startApp(release: string, folder: string): Promise<void> {
  writeFileSync(join(folder, 'app.conf'), appConfiguration);
  await Container.start({
    image: `offload-nginx:${release}`,
    volumes: volumes(folder, 'app.conf'),
  });
}

export interface Running {
  container: Container;
  port: number;
}

/**
 * @param image one whose entrypoint ends in nginx's own options, unless `command` has them
 * @param ready seconds that nginx may take to listen
 */
export async function startStep(
  step: Step,
  kind: Kind,
  folder: string,
  image: string,
  command: string[] = [],
): Promise<Running> {
  const port = await freePort();
  const conf = `nginx-${port}.conf`;
  writeFileSync(join(folder, conf), configuration(step, kind, port));
  const container = await Container.start({ image, volumes: volumes(folder, conf), command });
  try {
    await until(`nginx listens: ${step.adds}`, () => answers(port));
  } catch (error) {
    throw new Error(`${error}\n${container.logs()}`);
  }
  return { container, port };
}

function volumes(folder: string, conf: string): [string, string][] {
  return [
    [folder, FOLDER],
    [join(folder, conf), '/etc/nginx/nginx.conf:ro'],
    [join(process.cwd(), 'dist/test/offload'), '/etc/nginx/offload:ro'],
  ];
}
