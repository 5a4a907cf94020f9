/** A real uWSGI in a container with service/deadlines.ini and testkit/apps/deadlines.py. */

import { readFileSync } from 'node:fs';
import { call } from '../../../testkit/clients/client';
import type { Container } from '../../../testkit/machines/container';
import { freePort } from '../../../testkit/servers/nginx';
import { startRealServer } from '../../../testkit/servers/real-server';

/** As docs/deadline.md has it, of service/deadlines.ini. */
export const INCLUDE = 'ini = /etc/offload.ini';

export class Deadlines {
  private known = 0;

  private constructor(
    /** For uwsgi_pass. */
    readonly port: number,
    private readonly httpPort: number,
    private readonly container: Container,
  ) {}

  /** @param lines of its configuration */
  static async start(processes: number, lines = [INCLUDE]): Promise<Deadlines> {
    const [port, httpPort] = await Promise.all([freePort(), freePort()]);
    const container = await startRealServer({
      image: 'offload-uwsgi:trixie',
      command: [
        ...['--ini', '/etc/deadlines.ini', '--wsgi-file', '/srv/app/deadlines.py'],
        ...['--socket', `127.0.0.1:${port}`, '--http-socket', `127.0.0.1:${httpPort}`],
        ...['--processes', String(processes)],
      ],
      ports: [port, httpPort],
      files: {
        '/etc/offload.ini': readFileSync('dist/test/offload/service/deadlines.ini', 'utf8'),
        '/etc/deadlines.ini': ['[uwsgi]', ...lines, ''].join('\n'),
      },
    });
    return new Deadlines(port, httpPort, container);
  }

  /** What the app logged since the last call: requests that began, and those that were cleaned up. */
  async seen(): Promise<string[]> {
    const { body } = await call(this.httpPort, '/seen');
    const lines = body.split('\n').filter((line) => line !== '');
    const added = lines.slice(this.known);
    this.known = lines.length;
    return added;
  }

  async stop(): Promise<void> {
    await this.container.stop();
  }
}
