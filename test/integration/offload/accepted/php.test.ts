/** Plain PHP on PHP-FPM with a session, and a queue in SQLite: the example "php", with Debian's packages. */

import { Browser } from '../../../../testkit/clients/browser';
import { until } from '../../../../testkit/clients/until';
import { ExampleApp } from '../../../../testkit/servers/example-app';
import { engines, onRelease } from '../../../../testkit/servers/nginx';

const REPORT = { month: 'may', total: 1234.5 };

describe.each(engines)(onRelease, (release) => {
  let app: ExampleApp;
  let demo: Browser;

  beforeAll(async () => {
    const image = 'offload-php-fpm:trixie_php-sqlite3';
    app = await ExampleApp.start(release, 'php', image, ['/srv/example/processes.sh']);
    demo = await loggedIn('demo');
  }, 120_000);

  afterAll(() => app?.stop());

  async function loggedIn(user: string): Promise<Browser> {
    const browser = new Browser(app.nginx.port);
    expect((await browser.post('/login', { user })).status).toBe(200);
    return browser;
  }

  test('the result, as if PHP had made it at once', async () => {
    const { status, headers, body, ms } = await demo.post('/reports', { month: 'may' });
    expect([status, JSON.parse(body)]).toEqual([200, REPORT]);
    expect(headers).not.toHaveProperty('location');
    expect(headers).toHaveProperty('content-length', String(body.length));
    expect(ms).toBeGreaterThan(1900);
  });

  test('a report that fails has the status that PHP gives it', async () => {
    const { status, body } = await demo.post('/reports', { month: 'never' });
    expect([status, JSON.parse(body)]).toEqual([500, { error: 'no report' }]);
  });

  test("without a login: the app's own 401", async () => {
    const stranger = new Browser(app.nginx.port);
    expect(await stranger.post('/reports', { month: 'may' })).toMatchObject({
      status: 401,
      body: '"log in first"\n',
    });
  });

  test('Prefer: respond-async is the 202 of PHP, which another user can not poll', async () => {
    const started = await demo.post('/reports', { month: 'may' }, { Prefer: 'respond-async' });
    const location = started.headers.location ?? '';
    expect([started.status, location]).toEqual([202, expect.stringMatching(/^\/reports\/\d+$/)]);

    expect((await demo.get(location)).status).toBe(202);
    expect((await (await loggedIn('other')).get(location)).status).toBe(404);
    expect((await new Browser(app.nginx.port).get(location)).status).toBe(401);
    await until('the report is there', async () => (await demo.get(location)).status !== 202);
    const answer = await demo.get(location);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, REPORT]);
  });
});
