/** An app on uWSGI and its task worker, in containers with the code in /srv/app. */

import { join } from 'node:path';
import { until } from '../clients/until';
import { Container } from '../machines/container';
import { answers, freePort } from '../machines/ports';

export interface Workers {
  /** Of the app. */
  port: number;
  stop(): Promise<unknown>;
}

/**
 * @param folder of this repository
 * @param module has `app`
 * @param worker its command
 * @param env of both
 */
export async function startWorkers(
  folder: string,
  module: string,
  worker: string,
  env: Record<string, string>,
): Promise<Workers> {
  const port = await freePort();
  const container = (command: string) =>
    Container.start({
      image: 'offload-redis:trixie',
      mounts: { '/srv/app:ro': join(process.cwd(), folder) },
      command: [
        'env',
        ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
        ...['sh', '-c', `cd /srv/app; exec ${command}`],
      ],
    });
  const started = [
    await container(
      `uwsgi --plugin python3 --http-socket 127.0.0.1:${port} --module ${module}:app --processes 2 --need-app --die-on-term`,
    ),
    await container(worker),
  ];
  await until(`${module} listens`, () => answers(port));
  return { port, stop: () => Promise.all(started.map((each) => each.stop())) };
}
