/**
 * From an nginx without the offload to one with all of it, one part more at each step: what a
 * step costs is its difference from the one before.
 *
 * The parts are taken from the snippets as they are, so a line that is new in one of them is
 * measured, or complained of where it is in no part.
 */

import { statements } from './statements';

export interface Step {
  /** What it has that the one before has not. */
  adds: string;
  /** Lines above http {}. */
  main: string;
  http: string;
  server: string;
  location: string;
  logFormat: string;
  /** No part of what the README has a user include. */
  isOptional: boolean;
}

export interface Snippets {
  /** Texts of the snippets of that name. */
  http: string;
  proxy: string;
}

/** Statements of http.conf, by what they begin with. */
const HTTP_PARTS: [string, RegExp][] = [
  ['the bundle and its variables: `js_import`, `js_set`, `js_var`', /^js_/],
  ['maps and the upstream of the waiter', /^(map|upstream)\b/],
  ['`limit_conn_zone` and `limit_req_zone`', /^limit_(conn|req)_zone/],
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

/** @param engine of js_engine */
export function steps(snippets: Snippets, engine: string): Step[] {
  const none: Step = {
    adds: 'nginx without the offload',
    main: '',
    http: '',
    server: '',
    location: '',
    logFormat: LOG_FORMAT,
    isOptional: false,
  };
  const all = [none];
  const add = (adds: string, parts: Partial<Step>) => {
    const before = all.at(-1) as Step;
    const after: Step = { ...before, ...parts, adds };
    for (const place of ['main', 'http', 'server', 'location', 'logFormat'] as const) {
      const separator = place === 'logFormat' ? ' ' : '\n';
      after[place] = [before[place], parts[place]].filter(Boolean).join(separator);
    }
    all.push(after);
  };

  add('`load_module`', {
    main: 'load_module modules/ngx_http_js_module.so;',
    http: engine === 'qjs' ? 'js_engine qjs;' : '',
  });
  for (const [adds, lines] of parted(snippets.http, HTTP_PARTS)) {
    add(adds, { http: lines });
  }
  add('`server.conf`, and the server of the waiter', {
    http: WAITER,
    server: 'include offload/server.conf;',
  });
  for (const line of statements(snippets.proxy)) {
    add(`\`proxy.conf\`: \`${line.replace(/\s+/g, ' ')}\``, { location: line });
  }
  add('`$offload_polls` in the access log', {
    logFormat: 'polls=$offload_polls',
    isOptional: true,
  });
  return all;
}

/** @returns each part's name and its statements, one a line */
function parted(text: string, parts: [string, RegExp][]): [string, string][] {
  const lines = statements(text);
  const lost = lines.filter((line) => !parts.some(([, begin]) => begin.test(line)));
  if (lost.length > 0) {
    throw new Error(`in no part of load/overhead/steps.ts: ${lost.join(' ')}`);
  }
  return parts.map(([name, begin]) => [name, lines.filter((line) => begin.test(line)).join('\n')]);
}
