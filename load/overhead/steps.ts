/**
 * Configurations from an nginx without the offload to the complete offload; each step adds one part,
 * whose cost is the difference from the step before.
 *
 * The parts are read from the snippets: a new line in a snippet is measured, or is an error if it
 * belongs to no part.
 */

import { join } from 'node:path';
import { parse, print } from '../../testkit/nginx-syntax';
import { filledFile } from '../runner/fill';

export interface Step {
  /** The part that it adds. */
  adds: string;
  /** Lines above http {}. */
  main: string;
  http: string;
  server: string;
  location: string;
  logFormat: string;
  /** Not in the configuration of the README. */
  isOptional: boolean;
}

/** Parts of http.conf, by the first words of their statements. */
const HTTP_PARTS: [string, RegExp][] = [
  [
    'the bundle and its variables: `js_import`, `js_set`, `js_var`',
    /^(js_|include offload\/route)/,
  ],
  ['maps and the upstream of the waiter', /^(map|upstream)\b/],
  ['`limit_conn_zone` and `limit_req_zone`', /^include offload\/zones/],
  ['`*_hide_header`', /^\w+_hide_header\b/],
];

const WAITER = `
    server {
        include offload/waiter.conf;
        location /poll/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }
    }`;

const LOG_FORMAT = '$remote_addr "$request" $status $request_time';
const PLACES = ['main', 'http', 'server', 'location', 'logFormat'] as const;

/** The location's handler: an app, or no app, where the offload's relative cost is largest. */
export const KINDS = {
  proxy: 'proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";',
  // runs all phases of a request; `return` would end it before limit_conn
  nothing: 'empty_gif;',
};

export type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as Kind[];

/**
 * @param snippets the texts of http.conf and proxy.conf
 * @param engine of js_engine
 * @param hasSharedDictionaries njs 0.8.0 or newer, which metrics need
 */
export function steps(
  snippets: { http: string; proxy: string },
  engine: string,
  hasSharedDictionaries = true,
): Step[] {
  const none = { main: '', http: '', server: '', location: '', logFormat: LOG_FORMAT };
  const all: Step[] = [{ adds: 'nginx without the offload', ...none, isOptional: false }];
  const add = (adds: string, parts: Partial<Step>) => {
    const before = all.at(-1) as Step;
    const after: Step = { ...before, ...parts, adds };
    for (const place of PLACES) {
      const separator = place === 'logFormat' ? ' ' : '\n';
      after[place] = [before[place], parts[place]].filter(Boolean).join(separator);
    }
    all.push(after);
  };

  add('`load_module`', {
    main: 'load_module modules/ngx_http_js_module.so;',
    http: engine === 'qjs' ? 'js_engine qjs;' : '',
  });
  for (const [adds, http] of splitByPart(snippets.http)) {
    add(adds, { http });
  }
  add('`server.conf`, and the server of the waiter', {
    http: WAITER,
    server: 'include offload/server.conf;',
  });
  for (const location of statements(snippets.proxy)) {
    add(`\`proxy.conf\`: \`${location}\``, { location });
  }
  add('`$offload_polls` in the access log', {
    logFormat: 'polls=$offload_polls',
    isOptional: true,
  });
  if (hasSharedDictionaries) {
    add('metrics: `metrics/http.conf` and `metrics/count.conf`', {
      http: 'include offload/metrics/http.conf;\ninclude offload/metrics/count.conf;',
      isOptional: true,
    });
  }
  return all;
}

/** @returns directives and whole blocks, in order */
export function statements(text: string): string[] {
  return parse(text).map((directive) => print([directive]).trim());
}

/** @returns each part's name and its statements, one per line */
function splitByPart(text: string): [string, string][] {
  const lines = statements(text);
  const unassigned = lines.filter((line) => !HTTP_PARTS.some(([, begin]) => begin.test(line)));
  if (unassigned.length > 0) {
    throw new Error(`in no part of load/overhead/steps.ts: ${unassigned.join(' ')}`);
  }
  return HTTP_PARTS.map(([name, begin]) => [
    name,
    lines.filter((line) => begin.test(line)).join('\n'),
  ]);
}

/** The nginx.conf of a step, with a location whose requests are not offloaded. */
export function configuration(step: Step, kind: Kind, port: number): string {
  return filledFile(join(import.meta.dirname, 'nginx.conf'), {
    ...{ MAIN: step.main, HTTP: step.http, SERVER: step.server, LOG_FORMAT: step.logFormat },
    ...{ PORT: port, LOCATION: `${KINDS[kind]}\n${step.location}` },
  });
}

/** The app is another nginx, so that it is not the bottleneck. */
export function appConfiguration(port: number): string {
  return filledFile(join(import.meta.dirname, 'app.conf'), { PORT: port });
}
