/**
 * Blocking workers: each serves one request at a time, as a process of uWSGI, gunicorn, PHP-FPM or
 * Puma does. Connections wait in a bounded backlog; further ones are reset.
 */

import http from 'node:http';
import net from 'node:net';

export interface WorkersOptions {
  /** Number of requests served at the same time. */
  workers: number;
  /** Number of connections that can wait for a worker. */
  backlog: number;
}

export class Workers {
  private readonly options: WorkersOptions;
  private readonly waiting: net.Socket[] = [];
  private readonly sockets = new Set<net.Socket>();
  private busy = 0;
  private readonly http: http.Server;
  private readonly listener: net.Server;

  constructor(options: WorkersOptions, serve: http.RequestListener) {
    this.options = options;
    // does not listen; it gets a connection when a worker is free
    this.http = http.createServer({ keepAliveTimeout: 1 }, (request, response) => {
      response.shouldKeepAlive = false;
      serve(request, response);
    });
    this.listener = net.createServer({ pauseOnConnect: true, noDelay: true }, (socket) =>
      this.accept(socket),
    );
  }

  /** @returns the port, on loopback */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.listener.once('error', reject);
      this.listener.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
        this.listener.off('error', reject);
        resolve((this.listener.address() as net.AddressInfo).port);
      });
    });
  }

  /** Like a crash: resets all connections and refuses new ones. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
  }

  private accept(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.sockets.delete(socket));
    if (this.busy < this.options.workers) {
      this.assign(socket);
    } else if (this.waiting.length < this.options.backlog) {
      this.waiting.push(socket);
    } else {
      socket.resetAndDestroy();
    }
  }

  private assign(socket: net.Socket): void {
    this.busy++;
    socket.once('close', () => this.release());
    this.http.emit('connection', socket);
    socket.resume();
  }

  private release(): void {
    this.busy--;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!next.destroyed) {
        this.assign(next);
        return;
      }
    }
  }
}
