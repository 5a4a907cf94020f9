/** Clients of nginx: ones that wait for the answer, and ones that leave. */

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
  /** Each of 127.0.0.0/8 is one. */
  localAddress?: string;
  /** For a connection that is kept. */
  agent?: http.Agent;
}

/** A call, on a connection of its own unless told otherwise. */
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
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('aborted', () => reject(new Error('the answer broke off')));
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
    request.on('error', reject);
    request.end(options.body);
  });
}

/** How a client leaves: it closes its connection, or resets it. */
export type Leaving = 'FIN' | 'RST';

/** A client that asks and later leaves without its answer. */
export interface Leaver {
  leave(how: Leaving): void;
}

export function leaverOverHttp1(port: number, path: string): Leaver {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return { leave: (how) => end(socket, how) };
}

export function leaverOverHttp2(port: number, path: string): Leaver {
  const socket = net.connect(port, '127.0.0.1');
  const session = http2.connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
  session.on('error', () => {});
  const stream = session.request({ ':path': path });
  stream.on('error', () => {});
  stream.end();
  return { leave: (how) => end(socket, how) };
}

/** Each way to leave over each protocol, for test.each. */
export const leavings = (['FIN', 'RST'] as Leaving[]).flatMap((how) => [
  { name: 'HTTP/1.1', arrive: leaverOverHttp1, how },
  { name: 'HTTP/2', arrive: leaverOverHttp2, how },
]);

function end(socket: net.Socket, how: Leaving): void {
  if (how === 'RST') {
    socket.resetAndDestroy();
  } else {
    socket.destroy();
  }
}
