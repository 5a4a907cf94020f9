/** What build/dist.ts writes: numbers of the code in the snippets, and four protocols from one text. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snippets } from '../../../build/snippets';
import { ATTEMPTS, GRID_POINTS } from '../../../src/offload/schedule/backoff';
import { pauseMs } from '../../../src/offload/schedule/pause';
import { LONGEST_PAUSE_MS, LONGEST_TIMEOUT_MS } from '../../../src/offload/schedule/settings';

const folder = mkdtempSync(join(tmpdir(), 'offload-dist-'));
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const linesOf = (name: string, directive: string) =>
  textOf(name)
    .split('\n')
    .filter((line) => line.startsWith(directive));

beforeAll(() => {
  execFileSync(process.execPath, [
    ...['--import', 'tsx', 'build/dist.ts', '--no-tarball', '--out', folder],
    ...['--socket-dir', '/srv/sockets'],
  ]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the attempts of a request are enough for the schedule, Retry-After, pauses of an hour and 64 faults', () => {
  expect(linesOf('internal/waiter-servers.conf', 'server ')).toHaveLength(ATTEMPTS);
  const cut = LONGEST_TIMEOUT_MS / LONGEST_PAUSE_MS;
  expect(ATTEMPTS).toBeGreaterThanOrEqual(2 * GRID_POINTS + cut + 64);
});

test('each pause has a location of its length, up to the longest pause', () => {
  const lines = linesOf('internal/waiter-pauses.conf', 'location ');
  expect(lines).toEqual(
    lines.map(
      (_, number) => `location = /.offload/pause/${number} { auth_delay ${pauseMs(number)}ms; }`,
    ),
  );
  expect(pauseMs(lines.length - 1)).toBeGreaterThanOrEqual(LONGEST_PAUSE_MS);
  expect(pauseMs(lines.length - 2)).toBeLessThan(LONGEST_PAUSE_MS);
});

test('http.conf has the default settings, server.conf the limits of the code', () => {
  expect(linesOf('http.conf', 'js_var $offload_timeout ')[0]).toContain(' 60s;');
  expect(linesOf('http.conf', 'js_var $offload_interval ')[0]).toContain(' 250ms;');
  expect(textOf('internal/signal.conf')).toContain('"^(.{2049})"');
  expect(textOf('server.conf')).toContain('proxy_buffer_size 2048;');
});

test('each socket is in the folder of --socket-dir', () => {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.conf'))
    .map(textOf)
    .join('');
  expect(all).toContain('/srv/sockets/waiter.sock');
  expect(all).not.toContain('/run/nginx-offload');
});

test.each(['proxy', 'uwsgi', 'fastcgi', 'scgi'])('%s.conf is three directives', (protocol) => {
  const directives = textOf(`${protocol}.conf`)
    .split('\n')
    .filter((line) => /^[a-z]/.test(line));
  expect(directives).toEqual([
    `${protocol}_intercept_errors on;`,
    expect.stringMatching(/^recursive_error_pages on;/),
    'error_page 418 = @offload$offload_location_suffix$offload_server_conf_is_not_included;',
  ]);
});

test('a paragraph with @protocol@ is repeated for each protocol, its comment is not', () => {
  expect(snippets('a.conf', 'x;\n\n# why\n@protocol@_a;\n@protocol@_b;\n')).toEqual([
    [
      'a.conf',
      'x;\n\n# why\nproxy_a;\nproxy_b;\n\nuwsgi_a;\nuwsgi_b;\n\nfastcgi_a;\nfastcgi_b;\n\nscgi_a;\nscgi_b;\n',
    ],
  ]);
});

test('a paragraph with @cgi@ is repeated for the protocols with params', () => {
  expect(snippets('a.conf', '@cgi@_param A b;\n\ny;\n')).toEqual([
    ['a.conf', 'uwsgi_param A b;\n\nfastcgi_param A b;\n\nscgi_param A b;\n\ny;\n'],
  ]);
});

test('a value that does not exist stops the build', () => {
  expect(() => snippets('a.conf', 'size @NO_SUCH_VALUE@;')).toThrow(
    'nginx/a.conf: there is no value @NO_SUCH_VALUE@ in build/snippets.ts',
  );
});
