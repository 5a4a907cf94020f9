/**
 * An answer to a request with a session, credentials or a body goes to no other client, and only
 * requests that are equal to the app fill the cache: whatever is requested, in any spelling and order.
 */

import http2 from 'node:http2';
import fc from 'fast-check';
import type { SeenCall } from '../../../testkit/apps/cached';
import { sleep } from '../../../testkit/clients/until';
import {
  type CachedAnswer,
  type CachedSite,
  readAnswer,
  startCachedSite,
} from '../../../testkit/servers/cached';
import { onRelease, stable } from '../../../testkit/servers/nginx';

const NAMES = ['session', 'sessionid', 'PHPSESSID', 'remember_token', '__Host-session', 'Session2'];

const sessionCookie = (client: string) =>
  fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom('', 'a=1; ', 'a=1;', 'a=1, ', 'b="x;y"; ', 'session2=no; ', 'sessio=n;\t'),
      fc.constantFrom('', ' ', '  '),
      fc.constantFrom('', '; c=3', ';c=3', ' ', ';'),
    )
    .map(([name, before, space, after]) => `${before}${name}${space}=${client}${after}`);

/** Cookies of anonymous visitors, which the app must not see. */
const otherCookie = (client: string) =>
  fc.constantFrom(
    '',
    `tracked=${client}`,
    `a=${client}; mysession=${client}`,
    `sessio=${client}; b=session`,
  );

interface Asked {
  client: string;
  isPersonal: boolean;
  isHttp2: boolean;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** One for each header line. */
  cookies: string[];
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
  const client = `client${i}x`;
  return fc
    .record({
      kind: fc.constantFrom('anonymous', 'anonymous', 'cookie', 'credentials', 'method', 'body'),
      isHttp2: fc.boolean(),
      path: fc.constantFrom(...PATHS),
      session: sessionCookie(client),
      other: otherCookie(client),
      lines: fc.constantFrom<[string[], string[]]>(
        [[], []],
        [[`z=${client}`], []],
        [[], [`z=${client}`]],
        [['y=1'], ['z=2']],
      ),
      unkeyed: fc.constantFrom(...UNKEYED),
      isHead: fc.boolean(),
      pause: fc.integer({ min: 0, max: 40 }),
    })
    .map(({ kind, isHttp2, path, session, other, lines, unkeyed, isHead, pause }) => {
      const cookie = kind === 'cookie' ? session : other;
      const headers: Asked['headers'] = {
        [unkeyed]: client,
        ...(kind === 'credentials' ? { Authorization: `Bearer ${client}` } : {}),
      };
      const hasBody = kind === 'method' || kind === 'body';
      const method = kind === 'method' ? 'POST' : isHead && kind !== 'body' ? 'HEAD' : 'GET';
      const body = hasBody ? client : '';
      // node sends the body of a GET only with its length
      if (hasBody) {
        headers['Content-Length'] = String(body.length);
      }
      const cookies = [...lines[0], ...(cookie === '' ? [] : [cookie]), ...lines[1]];
      const isPersonal = kind !== 'anonymous';
      return { client, isPersonal, isHttp2, method, path, headers, cookies, body, pause };
    });
};

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  let session: http2.ClientHttp2Session;

  beforeAll(async () => {
    // stored for a second, so that the cache gets into each of its states
    site = await startCachedSite(release, { location: 'proxy_cache_valid 200 1s;' });
    session = http2.connect(`http://127.0.0.1:${site.http2Port}`);
  });

  afterAll(async () => {
    session?.close();
    await site?.stop();
  });

  const ask = async (one: Asked): Promise<[Asked, CachedAnswer]> => {
    await sleep(one.pause);
    if (one.isHttp2) {
      return [one, await askHttp2(session, `127.0.0.1:${site.nginx.port}`, one)];
    }
    const { method, cookies, body, path } = one;
    const headers = { ...one.headers, ...(cookies.length === 0 ? {} : { Cookie: cookies }) };
    return [one, await site.ask(path, { method, headers, ...(body === '' ? {} : { body }) })];
  };

  /** All clients that a call names. */
  const clientsOf = (seen: SeenCall | undefined) => [
    ...new Set(`${JSON.stringify(seen)}`.match(/client\d+x/g) ?? []),
  ];

  test('no answer goes to another client, in 600 requests of all kinds in any order', async () => {
    const met = new Set<string>();
    const rounds = fc.tuple(...Array.from({ length: 40 }, (_, i) => asked(i)));
    await fc.assert(
      fc.asyncProperty(rounds, async (round) => {
        const before = site.app.calls.length;
        for (const [one, answer] of await Promise.all(round.map(ask))) {
          expect(answer.status).toBe(200);
          met.add(`${one.isHttp2 ? 2 : 1} ${answer.cache}`);
          if (one.isPersonal) {
            // by the app, and with the client's own data
            expect(answer.cache).toBe('BYPASS');
            expect(one.method === 'HEAD' ? [one.client] : clientsOf(answer.seen)).toEqual([
              one.client,
            ]);
          } else {
            expect(answer.cache).not.toBe('BYPASS');
            expect(clientsOf(answer.seen)).toEqual([]);
          }
        }
        const personal = site.app.calls.slice(before).filter((seen) => clientsOf(seen).length > 0);
        expect(personal.length).toBe(round.filter(({ isPersonal }) => isPersonal).length);
      }),
      { numRuns: 15, endOnFailure: true },
    );
    // all states of the cache occurred, or nothing was tested
    const all = [...met];
    expect(all).toEqual(expect.arrayContaining(['1 BYPASS', '1 HIT', '2 BYPASS', '2 HIT']));
    expect(all.some((each) => each.endsWith('MISS'))).toBe(true);
    expect(all.some((each) => /STALE|UPDATING/.test(each))).toBe(true);
  });
});

/** Over one connection for all clients, with a header field for each cookie. */
function askHttp2(
  session: http2.ClientHttp2Session,
  authority: string,
  { method, path, headers, cookies, body }: Asked,
): Promise<CachedAnswer> {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const fields = {
      ':method': method,
      ':path': path,
      ':authority': authority,
      ...headers,
      ...(cookies.length === 0 ? {} : { cookie: cookies }),
    };
    const stream = session.request(fields, { endStream: body === '' });
    let answer = '';
    let status = 0;
    let received: http2.IncomingHttpHeaders = {};
    stream.on('error', reject).on('response', (response) => {
      status = Number(response[':status']);
      received = response;
    });
    stream.setEncoding('utf8').on('data', (piece: string) => {
      answer += piece;
    });
    stream.on('end', () => {
      const ms = Date.now() - started;
      resolve(readAnswer({ status, headers: received, body: answer, ms }));
    });
    if (body !== '') {
      stream.end(body);
    }
  });
}
