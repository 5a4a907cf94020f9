/** Starts app.js and counts its requests. */

import { join } from 'node:path';
import { call } from '../../testkit/client';
import type { Container } from '../rig/container';
import { startNginx } from '../rig/nginx';
import { cpuMicrosOf } from '../rig/usage';

export class PollApp {
  private constructor(
    readonly port: number,
    private readonly container: Container,
  ) {}

  static async start(release: string, folder: string, openFiles: number): Promise<PollApp> {
    const { port, container } = await startNginx(folder, (port) => configuration(port, openFiles), {
      image: `nginx:${release}`,
      volumes: [[join(import.meta.dirname, 'app.js'), '/srv/app.js:ro']],
      openFiles,
    });
    return new PollApp(port, container);
  }

  /** Requests so far, without this one. */
  async requests(): Promise<number> {
    const { body } = await call(this.port, '/status');
    const requests = /^ \d+ \d+ (\d+) $/m.exec(body)?.[1];
    if (requests === undefined) {
      throw new Error(`stub_status of the app: ${body}`);
    }
    return Number(requests) - 1;
  }

  /** CPU time so far, in microseconds. */
  cpu(): number {
    return this.container.childPids().reduce((sum, pid) => sum + cpuMicrosOf(pid), 0);
  }

  stop(): void {
    this.container.remove();
  }
}

function configuration(port: number, openFiles: number): string {
  return `
load_module modules/ngx_http_js_module.so;
user www-data;
worker_processes 1;
worker_rlimit_nofile ${openFiles};
error_log /dev/stderr;
pid /run/nginx.pid;
events { worker_connections ${openFiles}; }
http {
    js_import app from /srv/app.js;
    access_log off;
    server {
        listen 127.0.0.1:${port} backlog=65535;
        location /work  { js_content app.work; }
        location /poll/ { js_content app.poll; }
        location /status { stub_status; }
    }
}
`;
}
