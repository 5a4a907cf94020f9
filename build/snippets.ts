/**
 * The snippets of nginx/ as users get them: numbers come from the TypeScript code, and what nginx's four
 * protocols have alike is written once.
 *
 * `@NAME@` is a value of VALUES. A paragraph with `@protocol@` is repeated for proxy, uwsgi, fastcgi and
 * scgi, one with `@cgi@` for the three with params; its leading comment is not. nginx/protocol.conf is
 * a file for each protocol.
 */

import { HEADER_BUFFER } from '../src/offload/result/headers';
import { ATTEMPTS } from '../src/offload/schedule/backoff';
import { LAST_PAUSE, pauseMs } from '../src/offload/schedule/pause';
import { DEFAULTS } from '../src/offload/schedule/settings';
import { LONGEST_TARGET } from '../src/offload/signal/target';

const CGI = ['uwsgi', 'fastcgi', 'scgi'];
const PROTOCOLS = ['proxy', ...CGI];

const VALUES: Record<string, string> = {
  TIMEOUT: DEFAULTS.timeout,
  INTERVAL: DEFAULTS.interval,
  BACKOFF: DEFAULTS.backoff,
  MAX_INTERVAL: DEFAULTS.maxInterval,
  POLL_COST: DEFAULTS.pollCost,
  LONGEST_TARGET_PLUS_1: String(LONGEST_TARGET + 1),
  HEADER_BUFFER: String(HEADER_BUFFER),
  // the largest prime below: see WORKAROUND nginx < 1.23 in docs/how-it-works.md
  HEADER_BUFFER_ODD: String(primeBelow(HEADER_BUFFER)),
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
  if (name !== 'protocol.conf') {
    return [[name, withValues(name, withProtocols(text))]];
  }
  return PROTOCOLS.map((protocol) => {
    const example = (EXAMPLES[protocol] as string[]).map((line) => `#         ${line}`);
    const its = text.replace('@EXAMPLE@', example.join('\n')).replaceAll('@protocol@', protocol);
    return [`${protocol}.conf`, withValues(name, its)];
  });
}

/** One waiter as a server for each attempt. */
export function waiterServers(): string {
  return servers('The waiter', 'waiter.sock');
}

/** The same for the Redis waiter. */
export function redisServers(): string {
  return servers('The Redis waiter', 'redis.sock');
}

function servers(name: string, socket: string): string {
  const line = `server unix:/run/nginx-offload/${socket} max_fails=0;\n`;
  return `# ${name}, once for each attempt of a request. Included by http.conf; internal use only.
# max_fails=0: an attempt that failed says nothing about the next one.

${line.repeat(ATTEMPTS)}`;
}

/** A location for each pause. */
export function waiterPauses(): string {
  const lines = Array.from(
    { length: LAST_PAUSE + 1 },
    (_, number) => `location = /.offload/pause/${number} { auth_delay ${pauseMs(number)}ms; }\n`,
  );
  return `# The pauses between two attempts. Included by waiter.conf; internal use only.

${lines.join('')}`;
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
