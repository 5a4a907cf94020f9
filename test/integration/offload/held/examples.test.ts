/** The example in the head comment of each snippet that a user includes, before nginx -t. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../../../../testkit/nginx-t/nginx-syntax';
import type { Verdict } from '../../../../testkit/nginx-t/nginx-t';
import { nginxTAll } from '../../../../testkit/nginx-t/nginx-t-all';
import { complete, examplesIn } from '../../../../testkit/nginx-t/snippet-example';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

/** As make dist makes it. */
const FOLDER = 'dist/test/offload';

/** Made to be edited, and included by a snippet. */
const INCLUDED_BY_SNIPPETS = [
  'limits.conf',
  'zones.conf',
  'cache/purgers.conf',
  'cache/sessions.conf',
  'cache/zone.conf',
  'metrics/zone.conf',
];

/** What farm.sh makes. */
const INCLUDED = {
  'farm-servers.conf': 'server unix:/run/app/1.sock max_fails=3 fail_timeout=1s;\n',
};

const snippets = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.conf') && !/^(internal|service)\//.test(path))
  .filter((path) => !INCLUDED_BY_SNIPPETS.includes(path))
  .sort();

const textOf = (snippet: string) => readFileSync(join(FOLDER, snippet), 'utf8');

/** The folders' snippets are parts of one configuration that has all of them. */
const pageOf = (snippet: string) => (snippet.includes('/') ? 'docs/together.md' : 'README.md');

function configurationOf(snippet: string, engine: string): string {
  const page = pageOf(snippet);
  const [, configuration] =
    /```nginx\n\s*(load_module .*?)```/s.exec(readFileSync(page, 'utf8')) ?? [];
  if (configuration === undefined) {
    throw new Error(`${page} has no whole nginx.conf`);
  }
  const own = engine === 'qjs' ? 'http {\n    js_engine qjs;' : 'http {';
  return print(complete(examplesIn(textOf(snippet)), configuration.replace('http {', own)));
}

/** A snippet says which njs it needs where that is not every njs; an example needs all that it includes. */
function isTooOld(njs: string, snippet: string): boolean {
  const included = examplesIn(textOf(snippet))
    .join('')
    .matchAll(/include offload\/(\S+);/g);
  return [...included].some(([, name = '']) => {
    const [, needed = njs] = /^# .*\bnjs (\d+\.\d+\.\d+) or newer/m.exec(textOf(name)) ?? [];
    return njs.localeCompare(needed, 'en', { numeric: true }) < 0;
  });
}

test('there are snippets of each protocol and each folder', () => {
  expect(snippets).toEqual(
    expect.arrayContaining([
      ...['http.conf', 'server.conf', 'waiter.conf', 'poll.conf'],
      ...['proxy.conf', 'uwsgi.conf', 'fastcgi.conf', 'scgi.conf'],
      ...['cache/http.conf', 'deadline/http.conf', 'farm/balance.conf'],
    ]),
  );
});

test.each(snippets)('the head comment of %s has an example that includes it', (snippet) => {
  expect(examplesIn(textOf(snippet)).join('\n')).toContain(`include offload/${snippet};`);
});

describe.each(matrix)(onRelease, ({ release, njs, engine }) => {
  let verdicts: Record<string, Verdict | undefined>;

  beforeAll(async () => {
    const configurations = snippets.map((snippet) => configurationOf(snippet, engine));
    const all = await nginxTAll(release, configurations, INCLUDED);
    verdicts = Object.fromEntries(snippets.map((snippet, number) => [snippet, all[number]]));
  });

  test.each(snippets)('the example of %s', (snippet) => {
    if (isTooOld(njs, snippet)) {
      expect(verdicts[snippet]).toEqual({
        passes: false,
        complaints: [expect.stringContaining('unknown directive "js_')],
      });
    } else {
      expect(verdicts[snippet]).toEqual({ passes: true, complaints: [] });
    }
  });
});
