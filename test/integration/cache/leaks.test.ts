/**
 * That nobody is ever given what the app told somebody, and nobody fills the cache but visitors who
 * are all the same to the app: whatever is asked, however it is spelt and in whatever order.
 */

import fc from 'fast-check';
import { type CachedAnswer, type CachedSite, startCachedSite } from '../../harness/cached';
import { matrix, onRelease } from '../../harness/nginx';
import { sleep } from '../../harness/until';
import type { SeenCall } from '../../upstream/cached';

const NAMES = ['session', 'sessionid', 'PHPSESSID', 'remember_token', '__Host-session'];

/** Cookies that say who asks. */
const somebodysCookie = (who: string) =>
  fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom('', 'a=1; ', 'a=1;', 'a=1, ', 'b="x;y"; ', 'session2=no; ', 'sessio=n;\t'),
      fc.constantFrom('', ' ', '  '),
      fc.constantFrom('', '; c=3', ';c=3', ' ', ';'),
    )
    .map(([name, before, space, after]) => `${before}${name}${space}=${who}${after}`);

/** Cookies that everybody may have; the app must not see them of an anonymous visitor. */
const anybodysCookie = (who: string) =>
  fc.constantFrom(
    '',
    `tracked=${who}`,
    `a=${who}; mysession=${who}`,
    `sessions=${who}; b="session"x`,
  );

interface Asked {
  who: string;
  isSomebody: boolean;
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  body: string;
  pause: number;
}

const PATHS = ['/reports/a', '/reports/b?x=1', '/slow/c?length=100', '/reports/d?delay=50'];
const UNKEYED = [
  'X-Forwarded-Host',
  'X-Forwarded-For',
  'X-Original-URL',
  'User-Agent',
  'Forwarded',
];

const asked = (i: number): fc.Arbitrary<Asked> => {
  const who = `visitor${i}x`;
  return fc
    .record({
      kind: fc.constantFrom('anonymous', 'anonymous', 'cookie', 'credentials', 'method', 'body'),
      path: fc.constantFrom(...PATHS),
      somebodys: somebodysCookie(who),
      anybodys: anybodysCookie(who),
      isInTwoLines: fc.boolean(),
      unkeyed: fc.constantFrom(...UNKEYED),
      isHead: fc.boolean(),
      pause: fc.integer({ min: 0, max: 40 }),
    })
    .map(({ kind, path, somebodys, anybodys, isInTwoLines, unkeyed, isHead, pause }) => {
      const cookie = kind === 'cookie' ? somebodys : anybodys;
      const headers: Asked['headers'] = {
        [unkeyed]: who,
        ...(cookie === '' ? {} : { Cookie: isInTwoLines ? [`z=${who}`, cookie] : cookie }),
        ...(kind === 'credentials' ? { Authorization: `Bearer ${who}` } : {}),
      };
      const isBody = kind === 'method' || kind === 'body';
      const method = kind === 'method' ? 'POST' : isHead && kind !== 'body' ? 'HEAD' : 'GET';
      const body = isBody ? who : '';
      // node sends a body of a GET only with its length
      if (isBody) {
        headers['Content-Length'] = String(body.length);
      }
      return { who, isSomebody: kind !== 'anonymous', method, path, headers, body, pause };
    });
};

describe.each(matrix)(onRelease, (release) => {
  let site: CachedSite;

  beforeAll(async () => {
    // an answer is kept for a second, so that all states of the cache are met
    site = await startCachedSite(release, { location: 'proxy_cache_valid 200 1s;' });
  });

  afterAll(async () => {
    await site?.stop();
  });

  const ask = async (one: Asked): Promise<[Asked, CachedAnswer]> => {
    await sleep(one.pause);
    const { method, headers, body, path } = one;
    return [one, await site.ask(path, { method, headers, ...(body === '' ? {} : { body }) })];
  };

  /** All of a call that could tell who asked. */
  const traces = (seen: SeenCall | undefined) => [
    ...new Set(`${JSON.stringify(seen)}`.match(/visitor\d+x/g) ?? []),
  ];

  test('no answer goes to anybody else, in 600 requests of everybody in any order', async () => {
    const met = new Set<string>();
    const rounds = fc.tuple(...Array.from({ length: 40 }, (_, i) => asked(i)));
    await fc.assert(
      fc.asyncProperty(rounds, async (round) => {
        const before = site.app.calls.length;
        for (const [one, answer] of await Promise.all(round.map(ask))) {
          expect(answer.status).toBe(200);
          met.add(answer.cache ?? '');
          if (one.isSomebody) {
            // by the app, and about himself
            expect(answer.cache).toBe('BYPASS');
            expect(one.method === 'HEAD' ? [one.who] : traces(answer.seen)).toEqual([one.who]);
          } else {
            expect(answer.cache).not.toBe('BYPASS');
            expect(traces(answer.seen)).toEqual([]);
          }
        }
        const somebodys = site.app.calls.slice(before).filter((seen) => traces(seen).length > 0);
        expect(somebodys.length).toBe(round.filter(({ isSomebody }) => isSomebody).length);
      }),
      { numRuns: 15, endOnFailure: true },
    );
    // in all states: or nothing was tried
    expect([...met].sort()).toEqual(expect.arrayContaining(['BYPASS', 'HIT', 'MISS']));
    expect(met.has('STALE') || met.has('UPDATING')).toBe(true);
  });
});
