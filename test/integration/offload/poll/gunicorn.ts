/** gunicorn in a container, with testkit/apps/wsgi.py on two workers. */

import type { Container } from '../../../../testkit/machines/container';
import { freePort } from '../../../../testkit/servers/nginx';
import { startRealServer } from '../../../../testkit/servers/real-server';

export class Gunicorn {
  private constructor(
    readonly port: number,
    private readonly container: Container,
  ) {}

  static async start(): Promise<Gunicorn> {
    const port = await freePort();
    const container = await startRealServer({
      image: 'offload-gunicorn:trixie',
      command: [
        ...['--bind', `127.0.0.1:${port}`, '--workers', '2', '--chdir', '/srv/app'],
        'wsgi:application',
      ],
      ports: [port],
    });
    return new Gunicorn(port, container);
  }

  async stop(): Promise<void> {
    await this.container.stop();
  }
}
