/**
 * An app that answers any call with the headers that its query names, as a signal, and counts what else it is
 * requested:
 *
 *   /?X-Offload-Celery=a-1     a 418 with that header
 *   /poll/ID/N                 "not yet", or the result of `results`
 *   /jobs/ID                   cancels a job
 */

import http from 'node:http';
import type { AddressInfo } from 'node:net';

export class SignallingApp {
  port = 0;
  /** Paths of jobs that were cancelled. */
  readonly cancelled: string[] = [];
  /** Paths of polls. */
  readonly polled: string[] = [];
  /** Results for polls, by id. */
  readonly results = new Map<string, string>();
  private readonly server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://app');
    const [, route, id = ''] = pathname.split('/');
    request.resume();
    if (route === 'jobs') {
      this.cancelled.push(pathname);
      response.writeHead(204).end();
    } else if (route === 'poll') {
      this.polled.push(pathname);
      const result = this.results.get(id);
      response.writeHead(result === undefined ? 202 : 200).end(result);
    } else {
      response.writeHead(418, Object.fromEntries(searchParams)).end('queued\n');
    }
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', 4096, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
