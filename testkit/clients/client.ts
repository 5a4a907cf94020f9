/** HTTP clients: calls that wait for the response, and clients that disconnect without it. */

import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  ms: number;
}

export interface Call {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string;
  /** The client's address, in 127.0.0.0/8. */
  localAddress?: string;
  /** For a keepalive connection. */
  agent?: http.Agent;
  /** ms without any data; default: none. */
  timeout?: number;
}

/** A call, by default on a new connection. */
export function call(port: number, path: string, options: Call = {}): Promise<Answer> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: options.agent ?? false,
        ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
        ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('aborted', () => reject(new Error('the response is incomplete')));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            ms: Date.now() - started,
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(options.body);
  });
}

/** How a client disconnects: it closes its connection, or resets it. */
export type Disconnect = 'FIN' | 'RST';

/** A client that sent a GET request and ignores the response. */
export interface OpenClient {
  disconnect(how: Disconnect): void;
}

export function openHttp1(port: number, path: string): OpenClient {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return { disconnect: (how) => end(socket, how) };
}

export function openHttp2(port: number, path: string): OpenClient {
  const socket = net.connect(port, '127.0.0.1');
  const session = http2.connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
  session.on('error', () => {});
  const stream = session.request({ ':path': path });
  stream.on('error', () => {});
  stream.end();
  return { disconnect: (how) => end(socket, how) };
}

/** Each kind of disconnect over each protocol, for test.each. */
export const disconnects = (['FIN', 'RST'] as Disconnect[]).flatMap((how) => [
  { name: 'HTTP/1.1', open: openHttp1, how },
  { name: 'HTTP/2', open: openHttp2, how },
]);

function end(socket: net.Socket, how: Disconnect): void {
  if (how === 'RST') {
    socket.resetAndDestroy();
  } else {
    socket.destroy();
  }
}
