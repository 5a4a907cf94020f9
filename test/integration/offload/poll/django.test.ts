/** A real Django with the views of docs/app.md, and what the page says of others. */

import { readFileSync } from 'node:fs';
import { type Answer, call } from '../../../../testkit/clients/client';
import type { Container } from '../../../../testkit/machines/container';
import { freePort, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { startRealServer } from '../../../../testkit/servers/real-server';

/** The blocks of Python of the page, in their order. */
const [views = '', viewsApi = ''] = [
  ...readFileSync('docs/app.md', 'utf8').matchAll(/```python\n(.*?)```/gs),
].map(([, text]) => text);

describe.each(stable)(onRelease, (release) => {
  let django: Container;
  let nginx: Nginx;
  let cookies: string;
  let token: string;

  beforeAll(async () => {
    const port = await freePort();
    django = await startRealServer({
      image: 'offload-uwsgi:trixie_python3-django_python3-djangorestframework',
      command: [
        ...['--socket', `127.0.0.1:${port}`, '--processes', '1'],
        ...['--chdir', '/srv/app', '--pythonpath', '/srv/docs', '--module', 'django_site'],
      ],
      ports: [port],
      files: { '/srv/docs/views.py': views, '/srv/docs/views_api.py': viewsApi },
    });
    const app = `include uwsgi_params; uwsgi_pass 127.0.0.1:${port};`;
    nginx = await Nginx.start(release, {
      appPort: port,
      server: `
        set $offload_timeout 8s;
        location ~ ^/ { ${app} include offload/uwsgi.conf; }`,
      waiter: `
        location ~ ^/(poll|[a-z-]+/poll)/ { ${app} include offload/poll.conf; }`,
    });
    const answer = await call(nginx.port, '/login/', { method: 'POST' });
    cookies = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    token = answer.body;
  });

  afterAll(async () => {
    await nginx?.stop();
    await django?.stop();
  });

  /** A call by a form that has its token, or as a script makes one. */
  const order = (place: string, by: 'a form' | 'a script' = 'a form'): Promise<Answer> =>
    call(nginx.port, `${place}/labels/`, {
      method: 'POST',
      body: `name=label${by === 'a form' ? `&csrfmiddlewaretoken=${token}` : ''}`,
      headers: {
        Cookie: cookies,
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(by === 'a form' ? {} : { 'X-CSRFToken': token }),
      },
    });

  const polls = async (place: string): Promise<string[]> => {
    const seen: string[] = JSON.parse((await call(nginx.port, '/seen/')).body);
    return seen.filter((each) => each.includes(` ${place}/poll/`));
  };

  test.each([
    ['', 'label of client'],
    ['/api', '{"label":"label of client"}'],
  ])('the views of the page: %s', async (place, body) => {
    expect(await order(place)).toMatchObject({ status: 200, body });
    const seen = await polls(place);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.filter((each) => !/^POST .*\d$/.test(each))).toEqual([]);
  });

  test.each(['/checked', '/checked-api'])(
    'a view of polls that checks the token refuses the client of a form: %s',
    async (place) => {
      const { status, body } = await order(place);
      expect([status, body]).toEqual([403, expect.stringContaining('CSRF')]);
    },
  );

  test('a token in the header is carried by a poll', async () => {
    expect(await order('/checked', 'a script')).toMatchObject({
      status: 200,
      body: 'label of client',
    });
  });

  test('a slash at the end is a 405 where the view is for POST', async () => {
    expect((await order('/slash')).status).toBe(405);
  });

  test('a slash at the end is two requests for each poll', async () => {
    expect(await order('/any')).toMatchObject({ status: 200, body: 'label of client' });
    const seen = await polls('/any');
    const [posts, gets] = ['POST', 'GET'].map((method) =>
      seen.filter((each) => each.startsWith(method)),
    );
    expect(gets).toEqual(posts?.map((each) => `${each.replace('POST', 'GET')}/`));
    expect(posts?.length).toBeGreaterThanOrEqual(2);
  });
});
