/** A purge is not undone by a request that began before it. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { sleep, until } from '../../../testkit/clients/until';
import {
  type CachedAnswer,
  type CachedSite,
  startCachedSite,
} from '../../../testkit/servers/cached';
import { onRelease, stable } from '../../../testkit/servers/nginx';

/** Of docs/cache.md. */
const [, PURGE_ALL = ''] = /All at once.*?```sh\n(.*?)```/s.exec(
  readFileSync('docs/cache.md', 'utf8'),
) as RegExpExecArray;

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  let count = 0;
  /** A path that was not requested before. */
  const fresh = (query = '', folder = '/reports') => `${folder}/${++count}?${query}`;

  beforeAll(async () => {
    site = await startCachedSite(release, {
      server: `
        location /reports/short/ {
            proxy_cache_valid 200 1s;
            include offload/cache/location.conf;
        }
        location /reports/renamed/ {
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
            rewrite ^/reports/renamed/(.*) /reports/$1 break;
        }`,
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  const urlOf = (path: string) => `http://127.0.0.1:${site.nginx.port}${path}`;
  const purge = async (path: string) =>
    (await site.ask(`/.offload/purge?${urlOf(path)}`, { method: 'POST' })).body;
  const callsOf = (path: string) => site.app.callsOf(path.split('?')[0] as string).length;
  /** Waits until the app has so many calls of the path. */
  const called = (path: string, times = 1) =>
    until('the app is called', () => callsOf(path) === times);
  /** Of the app's calls, the one whose answer it is. */
  const numberOf = ({ seen }: CachedAnswer) => seen?.number as number;

  /** A client whose request takes that long to arrive, which is taken for one that waited for the lock. */
  const askSlowly = async (path: string, ms = 600): Promise<CachedAnswer> => {
    const socket = net.connect(site.nginx.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${site.nginx.port}\r\n`);
    await sleep(ms);
    socket.write('Connection: close\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve));
    const [, body = ''] = text.split('\r\n\r\n');
    return { seen: JSON.parse(body.split('\n')[0] ?? '') } as CachedAnswer;
  };
  /** A client that leaves. */
  const leave = async (path: string) => {
    const socket = net.connect(site.nginx.port, '127.0.0.1');
    const before = callsOf(path);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${site.nginx.port}\r\n\r\n`);
    await called(path, before + 1);
    return () => socket.destroy();
  };

  test.each([
    ['whose answer the app still makes', '/reports', 'delay=700'],
    ['whose job runs', '/slow', 'length=700'],
    ['whose answer has begun with its header', '/reports', 'pause=700'],
    ['whose answer has begun', '/reports', 'pause=700&part=100000&size=200000'],
    ['to a rewritten URI', '/reports/renamed', 'delay=700'],
  ])('the answer to a request %s is not stored', async (_, folder, query) => {
    const path = fresh(query, folder);
    const inner = path.replace('/renamed', '');
    const first = site.ask(path);
    await called(inner);
    await sleep(200);
    await purge(path);
    expect((await first).status).toBe(200);
    const second = await site.ask(path);
    expect([second.cache, numberOf(second)]).toEqual(['MISS', numberOf(await first) + 1]);
    expect((await site.ask(path)).cache).toBe('HIT');
  });

  test.each(['/reports', '/reports/renamed'])(
    'the answer that is kept for requests that wait is purged as well: %s',
    async (folder) => {
      const path = fresh('', folder);
      const first = await site.ask(path);
      expect(await purge(path)).toBe('purged\n');
      const second = await askSlowly(path);
      expect(numberOf(second)).toBeGreaterThan(numberOf(first));
      expect(numberOf(await site.ask(path))).toBe(numberOf(second));
    },
  );

  test('a request that began before the purge and waits does not bring the answer back', async () => {
    const path = fresh('delay=1500');
    const end = await leave(path);
    const waiting = [site.ask(path), site.ask(path)];
    await sleep(200);
    end();
    await purge(path);
    const before = site.app.calls.length;
    await Promise.all(waiting);
    expect(numberOf(await site.ask(path))).toBeGreaterThanOrEqual(before);
  });

  test('the update of a stale answer is not stored', async () => {
    const path = fresh('delay=700', '/reports/short');
    await site.ask(path);
    await sleep(2100);
    expect((await site.ask(path)).cache).toBe('STALE');
    await called(path, 2);
    await purge(path);
    const before = site.app.calls.length;
    expect(numberOf(await site.ask(path))).toBeGreaterThanOrEqual(before);
  });

  test('the answer to another URL is stored', async () => {
    const mark = (of: string) =>
      createHash('md5')
        .update(`${urlOf(of)} `)
        .digest('hex')
        .slice(-3);
    const path = fresh('delay=700');
    let other = fresh();
    while (mark(other) === mark(path)) {
      other = fresh();
    }
    const first = site.ask(path);
    await called(path);
    await purge(other);
    await first;
    expect((await site.ask(path)).cache).toBe('HIT');
  });

  test('a purge of all, as in the docs, is not undone either', async () => {
    const paths = [fresh(), fresh('delay=700'), fresh('pause=700&part=9&size=200000')];
    const answers = paths.map((path) => site.ask(path));
    await answers[0];
    await Promise.all(paths.map((path) => called(path)));
    await sleep(200);
    await site.nginx.run('sh', '-ec', PURGE_ALL);
    const before = site.app.calls.length;
    await Promise.all(answers);
    for (const path of paths) {
      expect(numberOf(await askSlowly(path))).toBeGreaterThanOrEqual(before);
      expect(numberOf(await site.ask(path))).toBeGreaterThanOrEqual(before);
    }
  });

  test('what was requested after a purge is from after it, in whichever order requests come', async () => {
    const paths = [1, 2, 3].map(() => fresh('delay=60', '/reports/short'));
    let isOver = false;
    let answered = 0;
    const outdated: unknown[] = [];
    /** For each path, the calls that the app had when it was purged last. */
    const purged = new Map<string, number>();
    const pick = () => paths[Math.floor(Math.random() * paths.length)] as string;
    const visitor = async () => {
      while (!isOver) {
        const path = pick();
        const earliest = purged.get(path) ?? 0;
        if (Math.random() < 0.1) {
          const socket = net.connect(site.nginx.port, '127.0.0.1');
          socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${site.nginx.port}\r\n\r\n`);
          await sleep(Math.random() * 80);
          socket.destroy();
          continue;
        }
        const answer = Math.random() < 0.2 ? await askSlowly(path, 450) : await site.ask(path);
        answered++;
        if (!(numberOf(answer) >= earliest)) {
          outdated.push([path, earliest, answer]);
        }
        await sleep(Math.random() * 40);
      }
    };
    const editor = async () => {
      while (!isOver) {
        const path = pick();
        const calls = site.app.calls.length;
        await purge(path);
        purged.set(path, Math.max(calls, purged.get(path) ?? 0));
        await sleep(Math.random() * 150);
      }
    };
    const all = [...Array.from({ length: 12 }, visitor), editor(), editor()];
    await sleep(5000);
    isOver = true;
    await Promise.all(all);
    expect(outdated).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });

  test('JavaScript threw no exception; nginx misses the files of answers that had begun', () => {
    const severe = site.nginx.severeErrors();
    const missing = /\*\d+ (chmod|unlink)\(\) "[/\w-]+\.\d{10}" failed \(2:/;
    expect(severe.filter((line) => !missing.test(line))).toEqual([]);
    expect(site.nginx.errorLog()).not.toMatch(/js exception/);
  });
});
