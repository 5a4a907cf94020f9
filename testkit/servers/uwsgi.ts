/** uWSGI in a container, with an app of testkit/apps. */

import type { Container } from '../machines/container';
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

  /** @param options an app that keeps what it saw has one process */
  static async start(app = 'wsgi.py', options = ['--processes', '2']): Promise<Uwsgi> {
    const [proxy, uwsgi, fastcgi, scgi] = await freePorts();
    const ports = { proxy, uwsgi, fastcgi, scgi };
    const container = await startRealServer({
      image: 'offload-uwsgi:trixie',
      command: [
        ...protocols.flatMap((name) => [`--${SOCKETS[name]}`, `127.0.0.1:${ports[name]}`]),
        ...['--wsgi-file', `/srv/app/${app}`, ...options],
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
