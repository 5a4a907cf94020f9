/** The example in the head comment of each snippet that a user includes, before nginx -t. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../../../../testkit/nginx-t/nginx-syntax';
import { nginxTAll, type Verdict } from '../../../../testkit/nginx-t/nginx-t';
import { complete, examplesIn } from '../../../../testkit/nginx-t/snippet-example';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

/** As make dist makes it. */
const FOLDER = 'dist/test/offload';

/** Made to be edited, or by service/hop-keys.sh, and included by a snippet. */
const INCLUDED_BY_SNIPPETS = [
  'limits.conf',
  'zones.conf',
  'cache/purgers.conf',
  'cache/sessions.conf',
  'cache/zone.conf',
  'hop/keys.conf',
  'join/zone.conf',
  'metrics/zone.conf',
];

/** What stands in the file that farm.sh makes. */
const FARM_SERVERS = 'server unix:/run/app/1.sock max_fails=3 fail_timeout=1s;';

const snippets = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.conf') && !/(^|\/)(internal|service)\//.test(path))
  .filter((path) => !INCLUDED_BY_SNIPPETS.includes(path))
  .sort();

/** The folders' snippets are parts of one configuration that has all of them. */
const [, TOGETHER = ''] =
  /```nginx\n(load_module .*?)```/s.exec(readFileSync('docs/together.md', 'utf8')) ?? [];

const textOf = (snippet: string) => readFileSync(join(FOLDER, snippet), 'utf8');

function configurationOf(snippet: string, engine: string): string {
  const configuration = snippet.includes('/') ? TOGETHER : textOf('nginx.conf.example');
  const own = engine === 'qjs' ? 'http {\n    js_engine qjs;' : 'http {';
  const whole = complete(examplesIn(textOf(snippet)), configuration.replace('http {', own), textOf);
  return print(whole).replaceAll('include farm-servers.conf;', FARM_SERVERS);
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
  const verdicts: Record<string, Verdict> = {};

  beforeAll(async () => {
    const texts = snippets.map((snippet) => configurationOf(snippet, engine));
    for (const [number, verdict] of (await nginxTAll(release, texts)).entries()) {
      verdicts[snippets[number] as string] = verdict;
    }
  });

  test.each(snippets)('the example of %s', (snippet) => {
    const verdict = verdicts[snippet];
    if (isTooOld(njs, snippet)) {
      expect(verdict).toEqual({
        passes: false,
        complaints: [expect.stringContaining('unknown directive "js_')],
      });
    } else {
      expect(verdict).toEqual({ passes: true, complaints: [] });
    }
  });
});
