/** nginx in a container, with any configuration and the offload's snippets beside it. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitsConf } from '../test/harness/configuration';
import { answers, freePort } from '../test/harness/ports';
import { until } from '../test/harness/until';
import { atTheEnd } from './at-the-end';
import { Container, type ContainerOptions } from './container';

export interface Running {
  container: Container;
  port: number;
}

/** For /var/log/offload of all containers of a benchmark. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-load-'));
  chmodSync(folder, 0o777);
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param configuration the text of nginx.conf, for the port on loopback that it is given */
export async function startNginx(
  folder: string,
  configuration: (port: number) => string,
  options: Omit<ContainerOptions, 'volumes'>,
  limits?: [held: number, byAddress: number],
): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `nginx-${port}.conf`);
  writeFileSync(file, configuration(port));
  const limitsVolume: [string, string][] = [];
  if (limits !== undefined) {
    writeFileSync(join(folder, 'limits.conf'), limitsConf(limits));
    limitsVolume.push([join(folder, 'limits.conf'), '/etc/nginx/offload/limits.conf:ro']);
  }
  const container = await Container.start({
    ...options,
    volumes: [
      [folder, '/var/log/offload'],
      [file, '/etc/nginx/nginx.conf:ro'],
      [join(process.cwd(), 'dist/test/offload'), '/etc/nginx/offload:ro'],
      ...limitsVolume,
    ],
  });
  try {
    await until('nginx listens', () => answers(port));
  } catch (error) {
    throw new Error(`${error}\n${container.logs()}`);
  }
  return { container, port };
}
