/** nginx in a container, with any configuration and the offload's snippets beside it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from '../../test/harness/ports';
import { until } from '../../test/harness/until';
import { Container, type ContainerOptions } from './container';
import { BUNDLE } from './set-up';

export interface Running {
  container: Container;
  port: number;
}

/**
 * @param folder for /var/log/offload, which several may share
 * @param configuration the text of nginx.conf, for the port on loopback that it is given
 */
export async function startNginx(
  folder: string,
  configuration: (port: number) => string,
  options: ContainerOptions,
): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `nginx-${port}.conf`);
  writeFileSync(file, configuration(port));
  const container = Container.start({
    ...options,
    volumes: [
      ...(options.volumes ?? []),
      [folder, '/var/log/offload'],
      [file, '/etc/nginx/nginx.conf:ro'],
      [BUNDLE, '/etc/nginx/offload:ro'],
    ],
  });
  try {
    await until('nginx listens', () => answers(port));
  } catch (error) {
    throw new Error(`${error}\n${container.logs()}`);
  }
  return { container, port };
}
