/**
 * Blocking workers: each serves one request at a time, as a process of uWSGI, gunicorn,
 * PHP-FPM or Puma does. Connections wait in a bounded backlog; one too many is reset.
 */

import http from 'node:http';
import net from 'node:net';

export interface WorkersOptions {
  /** How many requests are served at the same time. */
  workers: number;
  /** How many connections wait for a worker. */
  backlog: number;
}

export class Workers {
  private readonly options: WorkersOptions;
  private readonly waiting: net.Socket[] = [];
  private readonly sockets = new Set<net.Socket>();
  private busy = 0;
  private readonly http: http.Server;
  private readonly door: net.Server;

  constructor(options: WorkersOptions, serve: http.RequestListener) {
    this.options = options;
    // it never listens: connections are handed to it when a worker is free
    this.http = http.createServer({ keepAliveTimeout: 1 }, (request, response) => {
      response.shouldKeepAlive = false;
      serve(request, response);
    });
    this.door = net.createServer({ pauseOnConnect: true, noDelay: true }, (socket) =>
      this.arrive(socket),
    );
  }

  /** @returns the port, on loopback */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.door.once('error', reject);
      this.door.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
        this.door.off('error', reject);
        resolve((this.door.address() as net.AddressInfo).port);
      });
    });
  }

  /** Like a crash: what is in flight breaks off, and connections are refused. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.door.close(resolve));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
  }

  private arrive(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.sockets.delete(socket));
    if (this.busy < this.options.workers) {
      this.hire(socket);
    } else if (this.waiting.length < this.options.backlog) {
      this.waiting.push(socket);
    } else {
      socket.resetAndDestroy();
    }
  }

  private hire(socket: net.Socket): void {
    this.busy++;
    socket.once('close', () => this.release());
    this.http.emit('connection', socket);
    socket.resume();
  }

  private release(): void {
    this.busy--;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!next.destroyed) {
        this.hire(next);
        return;
      }
    }
  }
}
