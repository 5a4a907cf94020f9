/** The token of a hop: whom nginx takes it from, what it changes of a wait, and what logs have of it. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { type Answer, type Call, call } from '../../../../testkit/clients/client';
import { follow } from '../../../../testkit/clients/follow';
import { until } from '../../../../testkit/clients/until';
import { long } from '../../../../testkit/jest/long';
import type { Parts } from '../../../../testkit/servers/configuration';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Operations } from '../accepted/operations';
import { change, inUrl } from './forged';

const parts: Partial<Parts> = {
  http: `
    include offload/hop/http.conf;
    map $http_x_who $offload_identity { default $http_x_who; }
    log_format logged '$offload_request|$offload_logged_uri';`,
  server: `
    include offload/hop/server.conf;
    set $offload_hop 1s;
    set $offload_max_interval 300ms;
    access_log /var/log/offload/access.log  offload;
    access_log /var/log/offload/logged.log  logged;
    location /short/ { set $offload_timeout 1500ms; proxy_pass http://app; include offload/proxy.conf; }`,
};

const tokenOf = ({ headers }: Answer): string => {
  const [, token = ''] = headers.location?.split('?offload_continue=') ?? [];
  return token;
};

describe.each(ends)(onRelease, (release) => {
  let api: Operations;
  let nginx: Nginx;
  /** All that was given in this suite. */
  const tokens: string[] = [];

  const startAnother = (more: Partial<Parts>) =>
    Nginx.start(release, { ...parts, ...more, appPort: api.app.port });

  beforeAll(async () => {
    api = await Operations.start(release, () => parts);
    nginx = api.nginx;
  });

  afterAll(() => api?.stop());

  beforeEach(() => {
    api.app.seen.length = 0;
  });

  /** Makes the app have a job. @returns its id */
  const job = (path = '/call'): string => {
    const id = api.id();
    api.script(`${path}-${id}`, {
      status: 418,
      headers: { 'X-OffloadToPoller-Url': '/poll', 'X-OffloadToPoller-Args': id },
    });
    api.script(`/poll/${id}/`, { status: 202 });
    return id;
  };
  const finish = (id: string) => api.script(`/poll/${id}/`, { body: `result of ${id}` });

  /** A client that was sent on, and has not followed. */
  const sentOn = async (options: Call = {}, port = nginx.port) => {
    const id = job();
    const answer = await call(port, `/call-${id}`, options);
    expect(answer.status).toBe(303);
    const token = tokenOf(answer);
    tokens.push(token);
    return { id, token, path: answer.headers.location ?? '' };
  };

  /** Of a client that nginx refuses: the app would see it at any request for it, a poll as well. */
  const REFUSED = { 'X-Refused': '1' };
  const askedForRefused = () => api.app.seen.filter(({ headers }) => headers.has('x-refused'));

  const lines = (text: string) =>
    nginx
      .errorLog()
      .split('\n')
      .filter((line) => line.includes(text));

  /** The result, by a client that has followed. */
  const resultOf = async (port: number, { id, path }: { id: string; path: string }, more = {}) => {
    const answer = call(port, path, more);
    finish(id);
    const { status, body } = await answer;
    return { status, body, isRight: body === `result of ${id}` };
  };

  test('one that nginx did not write is a 404, and the app is not asked', async () => {
    const [one, other] = [await sentOn(), await sentOn()];
    const said = lines('that no key of hop/keys.conf has signed: 404').length;
    let forged = 0;
    await fc.assert(
      fc.asyncProperty(change, async ({ of }) => {
        const token = of(one.token, other.token);
        const answer = await call(nginx.port, `/call?offload_continue=${inUrl(token)}`, {
          headers: REFUSED,
        });
        forged++;
        expect(answer.status).toBe(404);
      }),
      { numRuns: long(2_000, 250) },
    );
    expect(askedForRefused()).toEqual([]);
    expect(lines('that no key of hop/keys.conf has signed: 404').length - said).toBe(forged);
    // neither of them was used up
    expect(await resultOf(nginx.port, one)).toMatchObject({ status: 200, isRight: true });
    expect(await resultOf(nginx.port, other)).toMatchObject({ status: 200, isRight: true });
  });

  test.each([
    ['no UTF-8', '\xff\xfe\xc0\xaf'],
    ['no UTF-8 before a signature', `\xc3\x28.${'A'.repeat(43)}`],
    ['a dot', '.'],
    ['dots', '...'],
    ['a signature alone', `.${'A'.repeat(43)}`],
    ['zero', '0'],
    ['encoded', '%ff%00'],
    ['very long', 'W'.repeat(7_000)],
  ])('%s is no token', async (_, token) => {
    const { status } = await call(nginx.port, `/call?offload_continue=${token}`, {
      headers: REFUSED,
    });
    expect([status, askedForRefused()]).toEqual([404, []]);
  });

  test.each(['/call?offload_continue=', '/call?offload_continue=&a=1'])(
    '%s is no call, and the app is not asked',
    async (path) => {
      const { status } = await call(nginx.port, path, { headers: REFUSED });
      expect([status, askedForRefused()]).toEqual([404, []]);
    },
  );

  test.each<[string, Call, Call]>([
    ['an Authorization', {}, { headers: { Authorization: 'Bearer b' } }],
    ['no Authorization', { headers: { Authorization: 'Bearer a' } }, {}],
    [
      'another Authorization',
      { headers: { Authorization: 'Bearer a' } },
      { headers: { Authorization: 'Bearer b' } },
    ],
    ['another $offload_identity', { headers: { 'X-Who': 'a' } }, { headers: { 'X-Who': 'b' } }],
    ['no $offload_identity', { headers: { 'X-Who': 'a' } }, {}],
    // neither is the other
    [
      'the one as the other',
      { headers: { Authorization: 'a', 'X-Who': 'b' } },
      { headers: { Authorization: 'b', 'X-Who': 'a' } },
    ],
  ])(
    '%s: another client gets a 403, and the one it was given to its result',
    async (_, own, foreign) => {
      const sent = await sentOn(own);
      const said = lines('that was given to another one: 403').length;
      const headers = { ...foreign.headers, ...REFUSED };
      expect((await call(nginx.port, sent.path, { headers })).status).toBe(403);
      expect(askedForRefused()).toEqual([]);
      expect(lines('that was given to another one: 403').length).toBe(said + 1);
      expect(await resultOf(nginx.port, sent, own)).toMatchObject({ status: 200, isRight: true });
    },
  );

  test('a user by auth_request of the server {} has its result, and another one a 403', async () => {
    const who = await freePort();
    const another = await startAnother({
      http: `
        include offload/hop/http.conf;
        map $user $offload_identity { default $user; }
        server {
            listen 127.0.0.1:${who};
            location / { add_header X-User $cookie_user; return 204; }
        }`,
      server: `
        include offload/hop/server.conf;
        set $offload_hop 1s;
        auth_request /auth;
        auth_request_set $user $upstream_http_x_user;
        location = /auth { internal; proxy_pass http://127.0.0.1:${who}; }`,
    });
    try {
      const alice = { headers: { Cookie: 'user=alice' } };
      const sent = await sentOn(alice, another.port);
      const mallory = { headers: { Cookie: 'user=mallory' } };
      expect((await call(another.port, sent.path, mallory)).status).toBe(403);
      expect(await resultOf(another.port, sent, alice)).toMatchObject({ isRight: true });
    } finally {
      await another.stop();
    }
  });

  test('each poll has the cookies of the request that waits', async () => {
    const { id, path } = await sentOn({ headers: { Cookie: 'session=first' } });
    const cookies = () => api.requests(`/poll/${id}/`).map(({ headers }) => headers.get('cookie'));
    const later = () => cookies().filter((each) => each !== 'session=first');
    expect([cookies().length > 0, later()]).toEqual([true, []]);
    const answer = call(nginx.port, path, { headers: { Cookie: 'session=second' } });
    await until('polls', () => later().length >= 2);
    finish(id);
    expect((await answer).status).toBe(200);
    expect(new Set(later())).toEqual(new Set(['session=second']));
    // none of the first client's, but for one that was in progress
    expect(cookies().slice(-later().length)).toEqual(later());
  });

  test.each([
    '//evil.example/call',
    '/\\evil.example/call',
    '///evil.example/call',
    '/\\/evil.example/call',
  ])('a Location of %s names no other host', async (path) => {
    const id = job(path);
    const { status, headers } = await call(nginx.port, `${path}-${id}`);
    expect(status).toBe(303);
    expect(headers.location).toMatch(
      new RegExp(`^/evil\\.example/call-${id}\\?offload_continue=[\\w.-]+$`),
    );
    const site = `http://site.example${path}`;
    expect(new URL(headers.location ?? '', site).host).toBe(new URL(site).host);
    const followed = { id, path: headers.location ?? '' };
    expect(await resultOf(nginx.port, followed)).toMatchObject({ status: 200, isRight: true });
  });

  test('past a limit a client that comes back gets a 503, and its job goes on for the next time', async () => {
    const another = await startAnother({
      // the limits are of each worker process
      workerProcesses: 1,
      limits: [100, 1],
      waiter: 'location /jobs/ { proxy_pass http://app; include offload/poll.conf; }',
    });
    try {
      const id = api.id();
      api.script(`/call-${id}`, {
        status: 418,
        headers: {
          'X-OffloadToPoller-Url': '/poll',
          'X-OffloadToPoller-Args': id,
          'X-Offload-Cancel': `/jobs/${id}`,
        },
      });
      api.script(`/poll/${id}/`, { status: 202 });
      const { headers } = await call(another.port, `/call-${id}`);
      const path = headers.location ?? '';

      const first = job();
      const held = follow(() => another.port, `/call-${first}`);
      await until('another one is held', () => api.seen(`/poll/${first}/`).length > 0);
      const rejected = await call(another.port, path);
      expect(rejected).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
      expect(another.errorLog()).toContain('offload: too many clients are held');
      finish(first);
      expect(await held).toMatchObject({ body: `result of ${first}` });
      expect(await resultOf(another.port, { id, path })).toMatchObject({ isRight: true });
      expect(api.seen(`/jobs/${id}`)).toEqual([]);
    } finally {
      await another.stop();
    }
  });

  describe('keys', () => {
    let folder: string;
    let keys: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'offload-keys-'));
      keys = join(folder, 'hop/keys.conf');
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** An nginx with the keys after this step. */
    const after = async (...step: string[]) => {
      const env = { ...process.env, OFFLOAD_HOP_KEYS: keys };
      await promisify(execFile)('service/hop-keys.sh', step, { env });
      return startAnother({ edited: { 'hop/keys.conf': await readFile(keys, 'utf8') } });
    };

    test('a rotation: tokens of both keys are valid, until the next one', async () => {
      const machines: Nginx[] = [];
      const step = async (...args: string[]) => {
        const machine = await after(...args);
        machines.push(machine);
        return machine.port;
      };
      try {
        const made = await step();
        // of this suite's own keys
        const foreign = await sentOn();
        expect((await call(made, foreign.path)).status).toBe(404);

        const old = [await sentOn({}, made), await sentOn({}, made), await sentOn({}, made)];
        const added = await step('--add');
        const exchanged = await step('--exchange');
        const fresh = [await sentOn({}, exchanged), await sentOn({}, exchanged)];
        const rightOn = async (port: number, sent = old.pop()) =>
          expect(await resultOf(port, sent as (typeof old)[0])).toMatchObject({ isRight: true });
        await rightOn(added);
        await rightOn(exchanged);
        await rightOn(added, fresh.pop());
        // as a machine that has not been reloaded yet
        expect((await call(made, fresh[0]?.path ?? '')).status).toBe(404);

        const again = await step('--add');
        await rightOn(again, fresh.pop());
        expect((await call(again, old.pop()?.path ?? '')).status).toBe(404);
      } finally {
        await Promise.all(machines.map((machine) => machine.stop()));
      }
    });
  });

  test('logs have no token', async () => {
    const { id, path, token } = await sentOn();
    const answers = [
      `${path}&a=1`,
      path.replace('?', '?a=1&'),
      path.replace('continue', 'CONTINUE'),
    ];
    const held = answers.map((each) => follow(() => nginx.port, each));
    // nginx takes the first one
    const twice = call(nginx.port, `${path}&offload_continue=x`);
    finish(id);
    for (const answer of await Promise.all([...held, twice])) {
      expect(answer).toMatchObject({ status: 200, body: `result of ${id}` });
    }
    // lines of the offload with all that it says of a client that comes back
    const short = job('/short/call');
    const { status } = await follow(() => nginx.port, `/short/call-${short}`);
    expect(status).toBe(504);
    await until('it is logged', () => nginx.log('logged.log').includes(`/short/call-${short}?`));
    expect(lines(`no result of "/poll ${short}"`).length).toBe(1);

    const logged = nginx.log('logged.log');
    const said = lines('offload: ').join('\n');
    const loggedOf = (url: string) => expect(logged).toContain(`GET ${url} HTTP/1.1|${url}\n`);
    loggedOf(`/call-${id}?a=1&offload_continue=...`);
    loggedOf(`/call-${id}?offload_CONTINUE=...`);
    expect(said).not.toContain('offload_continue=');
    for (const each of [...tokens, token]) {
      const [body = '', signature = ''] = each.split('.');
      expect([logged.includes(body), said.includes(body)]).toEqual([false, false]);
      expect([logged.includes(signature), said.includes(signature)]).toEqual([false, false]);
    }
    expect(nginx.severeErrors()).toEqual([]);
  });
});
