/** What build/dist.ts writes: numbers of the code in the snippets, and four protocols from one text. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSettings } from '../../../build/settings';
import { snippets } from '../../../build/snippets';
import { ATTEMPTS, GRID_POINTS } from '../../../src/offload/schedule/backoff';
import { pauseMs } from '../../../src/offload/schedule/pause';
import { LONGEST_PAUSE_MS, LONGEST_TIMEOUT_MS } from '../../../src/offload/schedule/settings';
import { SETTINGS } from '../../../src/offload/schedule/settings-table';
import { parse } from '../../../testkit/nginx-t/nginx-syntax';
import { contextsOf, includedIn } from '../../../testkit/nginx-t/snippet-example';

const folder = mkdtempSync(join(tmpdir(), 'offload-dist-'));
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const linesOf = (name: string, directive: string) =>
  textOf(name)
    .split('\n')
    .filter((line) => line.startsWith(directive));

const snippetsOf = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.conf') && !name.startsWith('service/'),
  );

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

test('http.conf has the default of each setting, server.conf the limits of the code', () => {
  for (const { name, default: value } of SETTINGS) {
    expect(linesOf('http.conf', `js_var $offload_${name} `)).toEqual([
      `js_var $offload_${name} ${value};`,
    ]);
  }
  expect(textOf('internal/signal.conf')).toContain('"^(.{2049})"');
  expect(textOf('server.conf')).toContain('proxy_buffer_size 2048;');
});

/** Made on the machine by service/hop-keys.sh: nginx -t says that it is missing. */
const MADE_LATER = 'hop/keys.conf';

test('each snippet says its context in its first line, and those that it includes stand in theirs', () => {
  for (const snippet of snippetsOf()) {
    const text = textOf(snippet);
    for (const included of includedIn(parse(text))) {
      if (included.snippet === MADE_LATER) {
        continue;
      }
      const allowed = contextsOf(textOf(included.snippet)).map(String);
      for (const context of contextsOf(text)) {
        // a location in a location is one
        const place = [...context, ...included.blocks].filter(
          (block, at, all) => block !== all[at - 1],
        );
        expect({ snippet, included, allowed }).toMatchObject({
          allowed: expect.arrayContaining([String(place)]),
        });
      }
    }
  }
});

test('README.md shows nginx.conf.example', () => {
  const shown = /```nginx\n(.*?) *```/s.exec(readFileSync('README.md', 'utf8'))?.[1];
  expect(shown?.replace(/^ {3}/gm, '')).toBe(textOf('nginx.conf.example'));
});

test('docs/settings.md has the table of settings: make format writes it', () => {
  const page = readFileSync('docs/settings.md', 'utf8');
  expect(page).toBe(withSettings(page));
});

test('the table of settings is in no bundle', () => {
  for (const { sentence } of SETTINGS) {
    expect(textOf('offload.js')).not.toContain(sentence);
  }
});

test('--socket-dir is as service/socket-dir.sh', () => {
  const all = snippetsOf().map(textOf).join('');
  expect(all).toContain('/srv/sockets/waiter.sock');
  expect(all).not.toMatch(/\/(run|var\/cache)\/nginx-offload/);
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
  expect(snippets('a.conf.template', 'x;\n\n# why\n@protocol@_a;\n@protocol@_b;\n')).toEqual([
    [
      'a.conf',
      'x;\n\n# why\nproxy_a;\nproxy_b;\n\nuwsgi_a;\nuwsgi_b;\n\nfastcgi_a;\nfastcgi_b;\n\nscgi_a;\nscgi_b;\n',
    ],
  ]);
});

test('a paragraph with @cgi@ is repeated for the protocols with params', () => {
  expect(snippets('a.conf.template', '@cgi@_param A b;\n\ny;\n')).toEqual([
    ['a.conf', 'uwsgi_param A b;\n\nfastcgi_param A b;\n\nscgi_param A b;\n\ny;\n'],
  ]);
});

test('a value that does not exist stops the build', () => {
  expect(() => snippets('a.conf.template', 'size @NO_SUCH_VALUE@;')).toThrow(
    'nginx/a.conf.template: there is no value @NO_SUCH_VALUE@ in build/snippets.ts',
  );
});

test('a template is named as one, and no other file', () => {
  expect(() => snippets('a.conf', '@protocol@_a;')).toThrow(
    'nginx/a.conf has @protocol@, so its name must end with .template',
  );
  expect(() => snippets('a.conf.template', 'a;')).toThrow(
    'nginx/a.conf.template has nothing to fill in, so its name must not end with .template',
  );
  expect(snippets('a.conf', 'a@b.c;')).toEqual([['a.conf', 'a@b.c;']]);
});

test('a template with @protocol@ in its name is a file for each protocol', () => {
  expect(snippets('@protocol@_a.conf.template', '@protocol@_b;').slice(0, 2)).toEqual([
    ['proxy_a.conf', 'proxy_b;'],
    ['uwsgi_a.conf', 'uwsgi_b;'],
  ]);
});
