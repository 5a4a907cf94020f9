/** An app that writes raw responses, including invalid ones that node's http does not send. */

import net from 'node:net';

/** A request, decoded as latin1. */
export interface RawRequest {
  method: string;
  uri: string;
  /** The request line. */
  line: string;
  /** Names in lower case. */
  headers: Map<string, string>;
}

export class RawApp {
  readonly seen: RawRequest[] = [];
  port = 0;
  private readonly sockets = new Set<net.Socket>();
  private readonly server: net.Server;

  /** @param answer returns the complete response, after which the connection is closed */
  constructor(answer: (request: RawRequest) => Buffer) {
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
      let head = '';
      socket.on('data', (chunk) => {
        const isNew = !head.includes('\r\n\r\n');
        head += chunk.toString('latin1');
        if (isNew && head.includes('\r\n\r\n')) {
          const request = readRequest(head);
          this.seen.push(request);
          socket.end(answer(request));
        }
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', 4096, resolve));
    this.port = (this.server.address() as net.AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function readRequest(head: string): RawRequest {
  const [line = '', ...fields] = (head.split('\r\n\r\n')[0] as string).split('\r\n');
  const [method = '', uri = ''] = line.split(' ');
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { method, uri, line, headers };
}
