/** Django with Celery, sessions and the check of CSRF tokens: the example "django", with Debian's packages. */

import { Browser } from '../../../../testkit/clients/browser';
import { until } from '../../../../testkit/clients/until';
import { ExampleApp } from '../../../../testkit/servers/example-app';
import { onRelease, stable } from '../../../../testkit/servers/nginx';

const IMAGE = 'offload-redis:trixie_python3-django_python3-djangorestframework';
const COMMAND = ['uwsgi', '--emperor', '/srv/example/vassals', '--die-on-term'];
const REPORT = { month: 'may', total: 1234.5 };

const COUNT = `
import sqlite3
print(sqlite3.connect('/run/app/shop.sqlite3').execute('SELECT count(*) FROM reports_report').fetchone()[0])`;

describe.each(stable)(onRelease, (release) => {
  let app: ExampleApp;
  let demo: Browser;

  beforeAll(async () => {
    app = await ExampleApp.start(release, 'django', IMAGE, COMMAND);
    demo = await loggedIn('demo');
  }, 120_000);

  afterAll(() => app?.stop());

  async function loggedIn(username: string): Promise<Browser> {
    const browser = new Browser(app.nginx.port);
    await browser.get('/login/');
    const answer = await browser.post('/login/', {
      username,
      password: 'secret',
      ...token(browser),
    });
    expect([answer.status, answer.headers.location]).toEqual([302, '/ready']);
    return browser;
  }

  const token = (browser: Browser) => ({ csrfmiddlewaretoken: browser.cookie('csrftoken') });
  const tokenHeader = (browser: Browser) => ({ 'X-CSRFToken': browser.cookie('csrftoken') });

  test('a form: the result, as if the view had made it', async () => {
    const { status, headers, body, ms } = await demo.post('/reports/', {
      month: 'may',
      ...token(demo),
    });
    expect([status, JSON.parse(body)]).toEqual([200, REPORT]);
    expect(headers).not.toHaveProperty('location');
    expect(ms).toBeGreaterThan(1900);
  });

  test('a script, by Django REST framework', async () => {
    const answer = await demo.post('/api/reports/', { month: 'may' }, tokenHeader(demo));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, REPORT]);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', vary: /Cookie/ });
  });

  test.each(['/reports/', '/api/reports/'])(
    'a task that fails has the status that the view gives it: %s',
    async (path) => {
      const answer = await demo.post(path, { month: 'never', ...token(demo) }, tokenHeader(demo));
      expect([answer.status, JSON.parse(answer.body)]).toEqual([500, { error: 'no report' }]);
    },
  );

  test("without the token: Django's own page, and that of Django REST framework", async () => {
    expect(await demo.post('/reports/', { month: 'may' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('CSRF verification failed'),
    });
    const { status, body } = await demo.post('/api/reports/', { month: 'may' });
    expect([status, JSON.parse(body).detail]).toEqual([403, expect.stringMatching(/^CSRF Failed/)]);
  });

  test('without a login: the redirect to it, and the 403 of Django REST framework', async () => {
    const stranger = new Browser(app.nginx.port);
    await stranger.get('/login/');
    const { status, headers } = await stranger.post('/reports/', {
      month: 'may',
      ...token(stranger),
    });
    expect([status, headers.location]).toEqual([302, '/login/?next=/reports/']);
    expect(await stranger.post('/api/reports/', { month: 'may' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('credentials were not provided'),
    });
  });

  test('Prefer: respond-async is the 202 of the view, which another user can not poll', async () => {
    const started = await demo.post(
      '/api/reports/',
      { month: 'may' },
      { ...tokenHeader(demo), Prefer: 'respond-async' },
    );
    expect(started).toMatchObject({ status: 202, body: '{"state":"PENDING"}' });
    expect(started.headers['retry-after']).toBe('1');
    const location = started.headers.location ?? '';
    expect(location).toMatch(/^\/api\/reports\/[-0-9a-f]{36}\/$/);

    expect((await demo.get(location)).status).toBe(202);
    const other = await loggedIn('other');
    expect((await other.get(location)).status).toBe(404);
    expect((await new Browser(app.nginx.port).get(location)).status).toBe(403);
    await until('the report is there', async () => (await demo.get(location)).status !== 202);
    const answer = await demo.get(location);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, REPORT]);
  });

  const reports = async () => Number(await app.outputOf(...['python3', '-c', COUNT]));

  test('a client whose session ended meanwhile gets no result', async () => {
    const owner = await loggedIn('demo');
    const before = await reports();
    const held = [
      owner.post('/reports/', { month: 'may', ...token(owner) }),
      owner.post('/api/reports/', { month: 'may' }, tokenHeader(owner)),
    ];
    await until('both reports are begun', async () => (await reports()) === before + 2);
    await new Browser(app.nginx.port, owner).post('/login/', {
      username: 'other',
      password: 'secret',
      ...token(owner),
    });
    const [page, api] = await Promise.all(held);
    // the app's own redirect: the client may ask again when it is logged in
    expect([page?.status, page?.headers.location]).toEqual([
      302,
      expect.stringMatching(/^\/login\/\?next=\/reports\/[-0-9a-f]{36}\/$/),
    ]);
    expect([api?.status, api?.body]).toEqual([403, expect.stringContaining('credentials')]);
  });

  test('behind a load balancer that ends TLS, redirects to a slash at the end stay on https', async () => {
    const https = { 'X-Forwarded-Proto': 'https', Host: 'shop.example' };
    const started = await demo.post(
      '/reports/',
      { month: 'may', ...token(demo) },
      // which Django checks on https
      { ...https, Origin: 'https://shop.example', Prefer: 'respond-async' },
    );
    const location = started.headers.location ?? '';
    for (const path of [location, '/reports/']) {
      const { status, headers } = await demo.get(path.slice(0, -1), https);
      expect([status, headers.location]).toEqual([301, path]);
    }
  });
});
