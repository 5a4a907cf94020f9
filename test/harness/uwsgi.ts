/** A real uWSGI in a container, with test/upstream/wsgi.py on two processes. */

import { join } from 'node:path';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { answers, freePort } from './nginx';
import { until } from './until';

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
    const container = await new GenericContainer('offload-uwsgi:trixie')
      .withNetworkMode('host')
      .withLabels({ 'nginx-offload.test': process.cwd() })
      .withBindMounts([
        { source: join(process.cwd(), 'test/upstream'), target: '/srv/app', mode: 'ro' },
      ])
      .withCommand([
        ...protocols.flatMap((name) => [`--${SOCKETS[name]}`, `127.0.0.1:${ports[name]}`]),
        ...['--wsgi-file', '/srv/app/wsgi.py', '--processes', '2'],
      ])
      .start();
    for (const port of Object.values(ports)) {
      await until(`uWSGI listens on ${port}`, () => answers(port));
    }
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
