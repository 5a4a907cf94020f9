/** Rails on Puma with Active Job, a session and authenticity tokens: the example "rails", with Debian's packages. */

import { Browser } from '../../../../testkit/clients/browser';
import { until } from '../../../../testkit/clients/until';
import { ExampleApp } from '../../../../testkit/servers/example-app';
import { onRelease, stable } from '../../../../testkit/servers/nginx';

const IMAGE = 'offload-redis:trixie_ruby-rails_puma_ruby-sidekiq_ruby-sqlite3';
const REPORT = { month: 'may', total: 1234 };
/** As a load balancer that ends TLS sends it. */
const HTTPS = { 'X-Forwarded-Proto': 'https', Host: 'shop.example' };

describe.each(stable)(onRelease, (release) => {
  let app: ExampleApp;
  let demo: Browser;
  let token: string;

  beforeAll(async () => {
    app = await ExampleApp.start(release, 'rails', IMAGE, ['/srv/example/processes.sh']);
    demo = await loggedIn('demo');
    token = await tokenOf(demo);
  }, 120_000);

  afterAll(() => app?.stop());

  async function tokenOf(browser: Browser): Promise<string> {
    const { body } = await browser.get('/session/new');
    return /name="csrf-token" content="([^"]*)"/.exec(body)?.[1] ?? '';
  }

  async function loggedIn(user: string): Promise<Browser> {
    const browser = new Browser(app.nginx.port);
    const authenticity_token = await tokenOf(browser);
    expect((await browser.post('/session', { user, authenticity_token })).status).toBe(302);
    return browser;
  }

  test('a form: the result, as if the controller had made it', async () => {
    const { status, headers, body, ms } = await demo.post('/reports', {
      month: 'may',
      authenticity_token: token,
    });
    expect([status, JSON.parse(body)]).toEqual([200, REPORT]);
    expect(headers).not.toHaveProperty('location');
    expect(ms).toBeGreaterThan(1900);
  });

  test('20 at once on two threads take as long as one', async () => {
    const started = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        demo.post('/reports', { month: 'may' }, { 'X-CSRF-Token': token }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    // one after the other on two threads: 20 s
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test('a job that fails has the status that the controller gives it', async () => {
    const answer = await demo.post('/reports', { month: 'never' }, { 'X-CSRF-Token': token });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([500, { error: 'no report' }]);
  });

  test("without the token: Rails' own 422", async () => {
    expect((await demo.post('/reports', { month: 'may' })).status).toBe(422);
  });

  test('without a login: the redirect to it', async () => {
    const stranger = new Browser(app.nginx.port);
    const header = { 'X-CSRF-Token': await tokenOf(stranger) };
    const { status, headers } = await stranger.post('/reports', { month: 'may' }, header);
    expect([status, headers.location]).toEqual([
      302,
      `http://127.0.0.1:${app.nginx.port}/session/new`,
    ]);
  });

  test('Prefer: respond-async is the 202 of the controller, which another user can not poll', async () => {
    const started = await demo.post(
      '/reports',
      { month: 'may' },
      { 'X-CSRF-Token': token, Prefer: 'respond-async' },
    );
    const url = started.headers.location ?? '';
    expect([started.status, url]).toEqual([202, expect.stringMatching(/^http:.*\/reports\/\d+$/)]);
    const { pathname } = new URL(url);

    expect((await demo.get(pathname)).status).toBe(202);
    expect((await (await loggedIn('other')).get(pathname)).status).toBe(404);
    await until('the report is there', async () => (await demo.get(pathname)).status !== 202);
    const answer = await demo.get(pathname);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, REPORT]);
  });

  test('behind a load balancer that ends TLS, the URLs that Rails writes are of https', async () => {
    // Rails checks the origin
    const headers = { ...HTTPS, Origin: 'https://shop.example', 'X-CSRF-Token': token };
    const started = await demo.post(
      '/reports',
      { month: 'may' },
      { ...headers, Prefer: 'respond-async' },
    );
    expect([started.status, started.headers.location]).toEqual([
      202,
      expect.stringMatching(/^https:\/\/shop\.example\/reports\/\d+$/),
    ]);
    const { status, body } = await demo.post('/reports', { month: 'may' }, headers);
    expect([status, JSON.parse(body)]).toEqual([200, REPORT]);
  });
});
