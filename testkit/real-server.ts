/** An app server in a container, with the apps of testkit/upstream in /srv/app. */

import { join } from 'node:path';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { answers } from './nginx';
import { until } from './until';

export interface RealServer {
  /** From build/images. */
  image: string;
  command: string[];
  /** The ports that it listens on, on loopback. */
  ports: number[];
  /** Texts of files in the container, by path. */
  files?: Record<string, string>;
}

export async function startRealServer(server: RealServer): Promise<StartedTestContainer> {
  const container = await new GenericContainer(server.image)
    .withNetworkMode('host')
    .withLabels({ 'nginx-offload.test': process.cwd() })
    .withBindMounts([
      { source: join(process.cwd(), 'testkit/upstream'), target: '/srv/app', mode: 'ro' },
    ])
    .withCopyContentToContainer(
      Object.entries(server.files ?? {}).map(([target, content]) => ({ target, content })),
    )
    .withCommand(server.command)
    .start();
  for (const port of server.ports) {
    await until(`${server.image} listens on ${port}`, () => answers(port));
  }
  return container;
}
