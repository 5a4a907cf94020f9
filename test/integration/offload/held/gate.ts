/**
 * What a site asks whether a client may come in (auth_request), and what gets copies of its requests (mirror):
 * it counts both.
 *
 *   /auth   204; 401 with the cookie `out`; with the cookie `slow` after half a second
 *   /copy   204 after half a second, as nothing waits for it
 */

import http from 'node:http';
import type { AddressInfo } from 'node:net';

const SLOW_MS = 500;

export class Gate {
  port = 0;
  asked = 0;
  copies = 0;
  /** Nobody is let in from now on. */
  isShut = false;
  private readonly server = http.createServer((request, response) => {
    request.resume();
    const [path] = (request.url ?? '').split('?');
    if (path === '/copy') {
      this.copies++;
      setTimeout(() => response.writeHead(204).end(), SLOW_MS);
    } else if (path === '/auth') {
      this.asked++;
      const cookie = request.headers.cookie ?? '';
      const status = this.isShut || cookie.includes('out') ? 401 : 204;
      setTimeout(() => response.writeHead(status).end(), cookie.includes('slow') ? SLOW_MS : 0);
    } else {
      response.writeHead(404).end();
    }
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', 4096, resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
