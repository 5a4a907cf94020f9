/** A site with the cache, configured as in docs/cache.md. */

import { readFileSync } from 'node:fs';
import type http from 'node:http';
import { CachedApp, type SeenCall } from '../apps/cached';
import { type Answer, type Call, call } from '../clients/client';
import { freePort, Nginx, type Release } from './nginx';

export interface CachedSite {
  nginx: Nginx;
  app: CachedApp;
  http2Port: number;
  stop(): Promise<void>;
  ask(path: string, options?: Call): Promise<CachedAnswer>;
}

export interface CachedAnswer extends Answer {
  /** X-Cache-Status */
  cache: string | undefined;
  /** The call that the app answered, of whichever client; undefined for nginx's own answers. */
  seen: SeenCall | undefined;
}

/** Lines of the nginx.conf, in the block of that name. */
export interface CachedParts {
  main?: string;
  http?: string;
  server?: string;
  /** For /reports/ and /slow/. */
  location?: string;
  /** For the app's location behind the cache. */
  origin?: string;
  workerProcesses?: number;
}

/**
 * The map of cache/sessions.conf with a line of `names` added to its list, as its head says to edit it.
 * @param variable that it sets
 */
export function sessionsConf(variable: string, ...names: string[]): string {
  const text = readFileSync('nginx/cache/sessions.conf', 'utf8');
  const edited = text.replace(/^ {4}\)" 1;$/m, `      | ${names.join(' | ')}\n    )" 1;`);
  if (edited === text) {
    throw new Error('sessions.conf has no list of names');
  }
  return edited.replace('$offload_cache_session', variable);
}

export async function startCachedSite(
  release: Release,
  parts: CachedParts = {},
): Promise<CachedSite> {
  const app = new CachedApp();
  await app.start();
  const http2Port = await freePort();
  const location = `
            ${parts.location ?? 'proxy_cache_valid 200 10m;'}
            include offload/cache/location.conf;`;
  const nginx = await Nginx.start(release, {
    appPort: app.port,
    ...(parts.main === undefined ? {} : { main: parts.main }),
    ...(parts.workerProcesses === undefined ? {} : { workerProcesses: parts.workerProcesses }),
    http: `
    include offload/cache/http.conf;
    ${parts.http ?? ''}
    server {
        include offload/cache/origin.conf;
        include offload/server.conf;
        location / {
            proxy_set_header Host              $offload_host;
            proxy_set_header X-Real-IP         $remote_addr;
            proxy_set_header X-Forwarded-Proto $offload_scheme;
            ${parts.origin ?? ''}
            proxy_pass http://app;
            include offload/proxy.conf;
            include offload/cache/app.conf;
        }
    }`,
    server: `
        listen 127.0.0.1:${http2Port} http2;
        include offload/cache/server.conf;
        ${parts.server ?? ''}
        location /reports/ { ${location} }
        location /slow/ { ${location} }`,
  });
  return {
    nginx,
    app,
    http2Port,
    stop: async () => {
      await nginx.stop();
      await app.stop();
    },
    ask: async (path, options = {}) => {
      const headers = inLines({ Host: `127.0.0.1:${nginx.port}`, ...options.headers });
      return readAnswer(await call(nginx.port, path, { ...options, headers }));
    },
  };
}

export function readAnswer(answer: Answer): CachedAnswer {
  let seen: SeenCall | undefined;
  try {
    seen = JSON.parse(answer.body.split('\n')[0] ?? '');
  } catch {
    // an answer of nginx
  }
  return { ...answer, cache: answer.headers['x-cache-status'] as string | undefined, seen };
}

/** node would join several values of Cookie into one line. */
function inLines(headers: http.OutgoingHttpHeaders): http.OutgoingHttpHeaders {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, String(each)]),
  );
  return lines as unknown as http.OutgoingHttpHeaders;
}
