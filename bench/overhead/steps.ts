/**
 * Configurations from an nginx without the offload to the complete offload; each step adds one part,
 * whose cost is the difference from the step before.
 */

import { join } from 'node:path';
import { filledFile } from '../runner/fill';

/** Lines of each place of nginx.conf. */
const PLACES = ['MAIN', 'HTTP', 'SERVER', 'LOCATION', 'LOG_FORMAT'] as const;
type Lines = Record<(typeof PLACES)[number], string>;

export interface Step {
  /** The part that it adds. */
  adds: string;
  lines: Lines;
  /** Not in the configuration of the README. */
  isOptional: boolean;
}

const WAITER = `
    server {
        include offload/waiter.conf;
        location /poll/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }
    }`;

/** The location's handler: an app, or no app, where the offload's relative cost is largest. */
export const KINDS = {
  proxy: 'proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";',
  // runs all phases of a request; `return` would end it before limit_conn
  nothing: 'empty_gif;',
};

export type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as Kind[];

/**
 * @param engine of js_engine
 * @param hasSharedDictionaries njs 0.8.0 or newer, which metrics need
 */
export function steps(engine: string, hasSharedDictionaries = true): Step[] {
  const parts: [adds: string, lines: Partial<Lines>][] = [
    ['nginx without the offload', { LOG_FORMAT: '$remote_addr "$request" $status $request_time' }],
    [
      '`load_module`',
      {
        MAIN: 'load_module modules/ngx_http_js_module.so;',
        HTTP: engine === 'qjs' ? 'js_engine qjs;' : '',
      },
    ],
    ['`http.conf`', { HTTP: 'include offload/http.conf;' }],
    [
      '`server.conf`, and the server of the waiter',
      { HTTP: WAITER, SERVER: 'include offload/server.conf;' },
    ],
    ['`proxy.conf`', { LOCATION: 'include offload/proxy.conf;' }],
  ];
  const required = parts.length;
  parts.push(['`$offload_polls` in the access log', { LOG_FORMAT: 'polls=$offload_polls' }]);
  if (hasSharedDictionaries) {
    parts.push([
      'metrics: `metrics/http.conf` and `metrics/count.conf`',
      { HTTP: 'include offload/metrics/http.conf;\ninclude offload/metrics/count.conf;' },
    ]);
  }
  return parts.map(([adds], last) => {
    const all = parts.slice(0, last + 1);
    const linesOf = (place: keyof Lines) =>
      all.flatMap(([, lines]) => lines[place] ?? []).join(place === 'LOG_FORMAT' ? ' ' : '\n');
    const lines = Object.fromEntries(PLACES.map((place) => [place, linesOf(place)])) as Lines;
    return { adds, lines, isOptional: last >= required };
  });
}

/** The nginx.conf of a step, with a location whose requests are not offloaded. */
export function configuration(step: Step, kind: Kind, port: number): string {
  const LOCATION = `${KINDS[kind]}\n${step.lines.LOCATION}`;
  const values = { ...step.lines, LOCATION, PORT: port };
  return filledFile(join(import.meta.dirname, 'nginx.conf'), values);
}

/** The app is another nginx, so that it is not the bottleneck. */
export function appConfiguration(port: number): string {
  return filledFile(join(import.meta.dirname, 'app.conf'), { PORT: port });
}
