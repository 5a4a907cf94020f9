/**
 * An app whose answers contain the request, so that a test sees to which client an answer belongs.
 *
 *   /reports/…   an answer at once: the request as JSON
 *     headers    of the answer, as JSON: [["Vary", "Cookie"], …]
 *     status, type, size
 *     delay     ms before it
 *     pause     ms between its header, with the first `part` bytes of the body, and the rest
 *   /slow/…      the same, offloaded; `length` is that of the work in ms
 *   /poll/…      "not yet", or the result of /slow/
 */

import http from 'node:http';
import type net from 'node:net';

export interface SeenCall {
  /** Of the answer, so that no two are equal. */
  number: number;
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

interface Work {
  end: number;
  call: SeenCall;
}

export class CachedApp {
  port = 0;
  /** All calls but polls. */
  readonly calls: SeenCall[] = [];
  /** Paths of jobs that were cancelled. */
  readonly cancelled: string[] = [];
  private readonly works: Work[] = [];
  private readonly sockets = new Set<net.Socket>();
  private server: http.Server | undefined;

  async start(): Promise<void> {
    const server = http.createServer((request, response) => {
      let body = '';
      request.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => this.serve(request, response, body));
    });
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as net.AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Calls of a path with any query. */
  callsOf(path: string): SeenCall[] {
    return this.calls.filter(({ url }) => url.split('?')[0] === path);
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
    const { method = '', url = '', headers } = request;
    const { pathname, searchParams } = new URL(url, 'http://app');
    if (pathname.startsWith('/poll/')) {
      this.poll(pathname, method, response);
      return;
    }
    const seen: SeenCall = { number: this.calls.length, method, url, headers, body };
    this.calls.push(seen);
    if (pathname.startsWith('/slow/')) {
      const length = Number(searchParams.get('length'));
      this.works.push({ end: Date.now() + length, call: seen });
      const id = String(this.works.length - 1);
      response.writeHead(418, {
        'X-OffloadToPoller-Url': '/poll',
        'X-OffloadToPoller-Args': id,
        'X-Offload-Cancel': `/poll/${id}`,
      });
      response.end();
      return;
    }
    setTimeout(
      () => answer(response, method, seen, searchParams),
      Number(searchParams.get('delay')),
    );
  }

  private poll(pathname: string, method: string, response: http.ServerResponse): void {
    const work = this.works[Number(pathname.split('/')[2])];
    if (method === 'DELETE') {
      this.cancelled.push(pathname);
      response.writeHead(204).end();
    } else if (work === undefined || Date.now() < work.end) {
      response.writeHead(400).end('not yet\n');
    } else {
      answer(response, method, work.call, new URL(work.call.url, 'http://app').searchParams);
    }
  }
}

function answer(
  response: http.ServerResponse,
  method: string,
  seen: SeenCall,
  parameters: URLSearchParams,
): void {
  const lines: [string, string][] = JSON.parse(parameters.get('headers') ?? '[]');
  const type = parameters.get('type') ?? 'text/plain';
  const size = Number(parameters.get('size'));
  const body = `${JSON.stringify(seen)}\n${'x'.repeat(size)}`;
  response.writeHead(
    Number(parameters.get('status') ?? 200),
    [['Content-Type', type], ['Content-Length', String(body.length)], ...lines].flat(),
  );
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const part = Number(parameters.get('part'));
  response.flushHeaders();
  response.write(body.slice(0, part));
  setTimeout(() => response.end(body.slice(part)), Number(parameters.get('pause')));
}
