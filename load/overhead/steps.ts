/**
 * Configurations from an nginx without the offload to the complete offload; each step adds one part,
 * whose cost is the difference from the step before.
 *
 * The parts are read from the snippets: a new line in a snippet is measured, or is an error if it
 * belongs to no part.
 */

import { statements } from './statements';

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

export interface Snippets {
  /** The texts of http.conf and proxy.conf. */
  http: string;
  proxy: string;
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
  for (const [adds, lines] of splitByPart(snippets.http, HTTP_PARTS)) {
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

/** @returns each part's name and its statements, one per line */
function splitByPart(text: string, parts: [string, RegExp][]): [string, string][] {
  const lines = statements(text);
  const unassigned = lines.filter((line) => !parts.some(([, begin]) => begin.test(line)));
  if (unassigned.length > 0) {
    throw new Error(`in no part of load/overhead/steps.ts: ${unassigned.join(' ')}`);
  }
  return parts.map(([name, begin]) => [name, lines.filter((line) => begin.test(line)).join('\n')]);
}
