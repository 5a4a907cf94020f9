/** An app whose answers are scripted by path, as an asynchronous API gives them, behind nginx. */

import { RawApp, type RawRequest } from '../../../../testkit/apps/raw';
import type { Parts } from '../../../../testkit/servers/configuration';
import { Nginx, type Release } from '../../../../testkit/servers/nginx';

export interface Reply {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string;
}

/** Each request gets the next one, and the last one again and again. */
export type Script = [Reply, ...Reply[]];

export class Operations {
  private readonly scripts = new Map<string, Reply[]>();
  private count = 0;

  private constructor(
    readonly app: RawApp,
    readonly nginx: Nginx,
  ) {}

  /** @param parts of nginx.conf, by the port of the app, which is the upstream `app` as well */
  static async start(
    release: Release,
    parts: (port: number) => Partial<Parts>,
  ): Promise<Operations> {
    let all: Operations | undefined;
    const app = new RawApp((request) => rendered(all?.next(request)));
    await app.start();
    const nginx = await Nginx.start(release, { appPort: app.port, ...parts(app.port) });
    all = new Operations(app, nginx);
    return all;
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.app.stop();
  }

  /** A part of a path that no other test has. */
  id(): string {
    return `j${++this.count}`;
  }

  /** @param path without the query; with a slash at its end, for all in that folder */
  script(path: string, ...replies: Script): void {
    this.scripts.set(path, replies);
  }

  /** Requests whose path has this part, as `GET /a?b`. */
  seen(part: string): string[] {
    return this.requests(part).map(({ method, uri }) => `${method} ${uri}`);
  }

  requests(part: string): RawRequest[] {
    return this.app.seen.filter(({ uri }) => uri.includes(part));
  }

  private next({ uri }: RawRequest): Reply {
    const path = uri.split('?')[0] as string;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const replies = this.scripts.get(path) ?? this.scripts.get(folder) ?? [{ status: 404 }];
    return (replies.length > 1 ? replies.shift() : replies[0]) as Reply;
  }
}

export const json = (value: unknown, more: Reply = {}): Reply => ({
  ...more,
  headers: { 'Content-Type': 'application/json', ...more.headers },
  body: JSON.stringify(value),
});

function rendered({ status = 200, headers = {}, body = '' }: Reply = { status: 404 }): Buffer {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}`),
  );
  const length =
    'Transfer-Encoding' in headers ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  // the app closes each connection: nginx 1.30 keeps those that do not say so, for the next call
  const first = [`HTTP/1.1 ${status} X`, 'Connection: close'];
  return Buffer.from([...first, ...lines, ...length, '', body].join('\r\n'));
}
