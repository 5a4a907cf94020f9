/**
 * The snippets of nginx/ as users get them. A file NAME.template becomes NAME: numbers come from the
 * TypeScript code, and what nginx's four protocols have alike is written once.
 *
 * `@NAME@` is a value of VALUES. A paragraph with `@protocol@` is repeated for proxy, uwsgi, fastcgi and
 * scgi, one with `@cgi@` for the three with params; its leading comment is not. A template with
 * `@protocol@` in its name is a file for each protocol.
 */

import { STEP_MS } from '../src/offload/hop/due';
import { HEADER_BUFFER } from '../src/offload/result/headers';
import { ATTEMPTS } from '../src/offload/schedule/backoff';
import { LAST_PAUSE, MOST_STEPS, pauseMs } from '../src/offload/schedule/pause';
import { LONGEST_TARGET } from '../src/offload/signal/target';
import { settingsOfHttpConf } from './settings';

const SUFFIX = '.template';
const PLACEHOLDER = /@[A-Za-z_0-9]+@/;

const CGI = ['uwsgi', 'fastcgi', 'scgi'];
const PROTOCOLS = ['proxy', ...CGI];

const VALUES: Record<string, string> = {
  SETTINGS: settingsOfHttpConf(),
  LONGEST_TARGET_PLUS_1: String(LONGEST_TARGET + 1),
  HEADER_BUFFER: String(HEADER_BUFFER),
  // the largest prime below: see WORKAROUND nginx < 1.23 in docs/how-it-works.md
  HEADER_BUFFER_ODD: String(primeBelow(HEADER_BUFFER)),
  WAITER_SERVERS: eachAttempt('waiter.sock'),
  REDIS_SERVERS: eachAttempt('redis.sock'),
  STEP_MS: String(STEP_MS),
  STEPS: Array.from(
    { length: MOST_STEPS },
    (_, at) =>
      `location = /.offload/pause/steps-${at + 1} { proxy_next_upstream_tries ${at + 1}; proxy_pass http://offload_waiter/.offload/step; }`,
  ).join('\n'),
  PAUSES: Array.from(
    { length: LAST_PAUSE + 1 },
    (_, number) => `location = /.offload/pause/${number} { auth_delay ${pauseMs(number)}ms; }`,
  ).join('\n'),
};

/** What a location has before the include of its protocol's file, in an example. */
const EXAMPLES: Record<string, string[]> = {
  proxy: ['proxy_pass http://app;'],
  uwsgi: ['include uwsgi_params;', 'uwsgi_pass app;'],
  fastcgi: [
    'include fastcgi_params;',
    'fastcgi_param SCRIPT_FILENAME /srv/app/index.php;',
    'fastcgi_pass app;',
  ],
  scgi: ['include scgi_params;', 'scgi_pass app;'],
};

/**
 * @param name of a file in nginx/
 * @param text of the file
 * @returns names and texts of the files to write
 */
export function snippets(name: string, text: string): [name: string, text: string][] {
  const [placeholder] = PLACEHOLDER.exec(text) ?? [];
  if (!name.endsWith(SUFFIX)) {
    if (placeholder !== undefined) {
      throw new Error(`nginx/${name} has ${placeholder}, so its name must end with ${SUFFIX}`);
    }
    return [[name, text]];
  }
  if (placeholder === undefined) {
    throw new Error(
      `nginx/${name} has nothing to fill in, so its name must not end with ${SUFFIX}`,
    );
  }
  const file = name.slice(0, -SUFFIX.length);
  if (!file.includes('@protocol@')) {
    return [[file, withValues(name, withProtocols(text))]];
  }
  return PROTOCOLS.map((protocol) => {
    const example = (EXAMPLES[protocol] as string[]).map((line) => `#         ${line}`);
    const its = text.replace('@EXAMPLE@', example.join('\n')).replaceAll('@protocol@', protocol);
    return [file.replace('@protocol@', protocol), withValues(name, its)];
  });
}

/** A server of an upstream for each attempt. */
function eachAttempt(socket: string): string {
  const line = `server unix:/run/nginx-offload/${socket} max_fails=0;`;
  return Array(ATTEMPTS).fill(line).join('\n');
}

function withProtocols(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => {
      const mark = ['@protocol@', '@cgi@'].find((each) => paragraph.includes(each));
      if (mark === undefined) {
        return paragraph;
      }
      const lines = paragraph.trimEnd().split('\n');
      const first = lines.findIndex((line) => !line.startsWith('#'));
      const body = lines.slice(first).join('\n');
      const all = (mark === '@cgi@' ? CGI : PROTOCOLS).map((each) => body.replaceAll(mark, each));
      const comment = first === 0 ? '' : `${lines.slice(0, first).join('\n')}\n`;
      return `${comment}${all.join('\n\n')}${paragraph.endsWith('\n') ? '\n' : ''}`;
    })
    .join('\n\n');
}

function withValues(name: string, text: string): string {
  return text.replaceAll(/@([A-Z_0-9]+)@/g, (_, key: string) => {
    const value = VALUES[key];
    if (value === undefined) {
      throw new Error(`nginx/${name}: there is no value @${key}@ in build/snippets.ts`);
    }
    return value;
  });
}

function primeBelow(limit: number): number {
  for (let n = limit - 1; ; n--) {
    if (Array.from({ length: n - 2 }, (_, i) => n % (i + 2)).every((rest) => rest !== 0)) {
      return n;
    }
  }
}
