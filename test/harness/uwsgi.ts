/** A real uWSGI in a container, with test/upstream/wsgi.py on two processes. */

import type { StartedTestContainer } from 'testcontainers';
import { freePort } from './nginx';
import { startRealServer } from './real-server';

/** What nginx calls a protocol in its *_pass, and uWSGI its socket for it. */
const SOCKETS = {
  proxy: 'http-socket',
  uwsgi: 'socket',
  fastcgi: 'fastcgi-socket',
  scgi: 'scgi-socket',
};

export type Protocol = keyof typeof SOCKETS;
export const protocols = Object.keys(SOCKETS) as Protocol[];

export class Uwsgi {
  private constructor(
    /** Where each protocol is spoken. */
    readonly ports: Readonly<Record<Protocol, number>>,
    private readonly container: StartedTestContainer,
  ) {}

  static async start(): Promise<Uwsgi> {
    const [proxy, uwsgi, fastcgi, scgi] = await freePorts();
    const ports = { proxy, uwsgi, fastcgi, scgi };
    const container = await startRealServer({
      image: 'offload-uwsgi:trixie',
      command: [
        ...protocols.flatMap((name) => [`--${SOCKETS[name]}`, `127.0.0.1:${ports[name]}`]),
        ...['--wsgi-file', '/srv/app/wsgi.py', '--processes', '2'],
      ],
      ports: Object.values(ports),
    });
    return new Uwsgi(ports, container);
  }

  async stop(): Promise<void> {
    await this.container.stop({ timeout: 0 });
  }
}

/** All at once: a port that is free again could be given twice. */
function freePorts() {
  return Promise.all([freePort(), freePort(), freePort(), freePort()]);
}
