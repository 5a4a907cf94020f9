/** An app server in a container, with the apps of testkit/apps in /srv/app. */

import { join } from 'node:path';
import { until } from '../clients/until';
import { Container } from '../machines/container';
import { answers } from './nginx';

export interface RealServer {
  /** Of build/images. */
  image: string;
  command: string[];
  /** The ports that it listens on, on loopback. */
  ports: number[];
  /** Texts of files in the container, by path. */
  files?: Record<string, string>;
}

export async function startRealServer(server: RealServer): Promise<Container> {
  const container = await Container.start({
    image: server.image,
    mounts: { '/srv/app:ro': join(process.cwd(), 'testkit/apps') },
    files: server.files ?? {},
    command: server.command,
  });
  for (const port of server.ports) {
    await until(`${server.image} listens on ${port}`, () => answers(port));
  }
  return container;
}
