/** uWSGI in a container, with testkit/upstream/wsgi.py on two processes. */

import type { Container } from './container';
import { freePort } from './nginx';
import { startRealServer } from './real-server';

/** uWSGI's socket options, by nginx's names of the protocols in *_pass. */
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
    /** The port of each protocol. */
    readonly ports: Readonly<Record<Protocol, number>>,
    private readonly container: Container,
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
    await this.container.stop();
  }
}

/** Chosen at the same time, so that no port is chosen twice. */
function freePorts() {
  return Promise.all([freePort(), freePort(), freePort(), freePort()]);
}
