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

export interface Result {
  status: number;
  /** A list is several lines. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

export class SignallingApp {
  port = 0;
  /** Paths of jobs that were cancelled. */
  readonly cancelled: string[] = [];
  /** Paths of polls. */
  readonly polled: string[] = [];
  /** Results for polls, by id; a text is the body of a 200. */
  readonly results = new Map<string, string | Result>();
  /** When a job was last polled for in vain, by id. */
  private readonly notYet = new Map<string, number>();
  private readonly server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://app');
    const [, route, id = ''] = pathname.split('/');
    request.resume();
    if (route === 'jobs') {
      this.cancelled.push(pathname);
      response.writeHead(204).end();
    } else if (route === 'poll') {
      this.polled.push(pathname);
      this.answerPoll(id, response);
    } else {
      response.writeHead(418, Object.fromEntries(searchParams)).end('queued\n');
    }
  });

  /** Also after a stop, on the same port; results are kept, as in a queue beside the app. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(this.port, '127.0.0.1', 4096, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** How many jobs were polled for in vain in the last `ms`. */
  waiting(ms: number): number {
    return [...this.notYet.values()].filter((at) => Date.now() - at < ms).length;
  }

  private answerPoll(id: string, response: http.ServerResponse): void {
    const result = this.results.get(id);
    if (result === undefined) {
      this.notYet.set(id, Date.now());
      response.writeHead(202).end();
      return;
    }
    this.notYet.delete(id);
    if (typeof result === 'string') {
      response.writeHead(200).end(result);
    } else {
      const { status, headers, body } = result;
      response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
    }
  }
}
