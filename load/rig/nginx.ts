/** nginx in a container, with a given configuration and the offload's snippets. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort } from '../../testkit/ports';
import { until } from '../../testkit/until';
import { Container, type ContainerOptions } from './container';
import { BUNDLE } from './set-up';

export interface Running {
  container: Container;
  port: number;
}

/**
 * @param folder mounted as /var/log/offload; several containers may share it
 * @param configuration returns nginx.conf for a port on loopback
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
