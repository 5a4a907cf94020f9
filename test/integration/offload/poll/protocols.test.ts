/** uWSGI, gunicorn and PHP-FPM, with each protocol of nginx. */

import { rmSync } from 'node:fs';
import https from 'node:https';
import { call } from '../../../../testkit/clients/client';
import { sleep } from '../../../../testkit/clients/until';
import { selfSigned } from '../../../../testkit/machines/certificate';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { type Protocol, Uwsgi } from '../../../../testkit/servers/uwsgi';
import { Gunicorn } from './gunicorn';
import { PhpFpm } from './php-fpm';

interface Backend {
  title: string;
  protocol: Protocol;
  /** The first path segment. */
  name: string;
}

const BACKENDS: Backend[] = [
  { title: 'uWSGI behind proxy_pass', protocol: 'proxy', name: 'proxy' },
  { title: 'uWSGI behind uwsgi_pass', protocol: 'uwsgi', name: 'uwsgi' },
  { title: 'uWSGI behind fastcgi_pass', protocol: 'fastcgi', name: 'fastcgi' },
  { title: 'uWSGI behind scgi_pass', protocol: 'scgi', name: 'scgi' },
  { title: 'gunicorn behind proxy_pass', protocol: 'proxy', name: 'gunicorn' },
  { title: 'PHP-FPM behind fastcgi_pass', protocol: 'fastcgi', name: 'php' },
];

/** Parameters that a WSGI app needs, in addition to Debian's *_params. */
const PARAMS = {
  proxy: `
            proxy_set_header Host $offload_host;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-Proto $offload_scheme;`,
  uwsgi: 'include uwsgi_params;',
  fastcgi: 'include fastcgi_params; fastcgi_param PATH_INFO $document_uri;',
  scgi: 'include scgi_params; scgi_param PATH_INFO $document_uri;',
};

const CLIENT = '127.0.0.1';
const HEADERS = { Host: 'app.example', Cookie: 'session=1' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe.each(ends)(onRelease, (release) => {
  const { files, lines } = selfSigned();
  let uwsgi: Uwsgi;
  let gunicorn: Gunicorn;
  let php: PhpFpm;
  let nginx: Nginx;
  let tlsPort: number;

  /** As in the comment of the snippet. */
  const location = (path: string, { name, protocol }: Backend, snippet: string) => {
    const scheme = protocol === 'proxy' ? 'http://' : '';
    const port = name === 'gunicorn' ? gunicorn.port : uwsgi.ports[protocol];
    return `
        location ${path} {
            ${PARAMS[protocol]}
            ${protocol}_pass ${scheme}127.0.0.1:${port};
            include offload/${snippet}.conf;
        }`;
  };

  /** As in docs/app.md. */
  const phpSite = () => `
        root /srv/app;
        location ~ ^/(poll/)?php/ {
            try_files $uri /index.php$is_args$args;
        }
        location ~ \\.php$ {
            include fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_pass 127.0.0.1:${php.port};
            include offload/fastcgi.conf;
        }`;
  const phpPolls = () => `
        location /poll/php/ {
            root /srv/app;
            include fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $document_root/index.php;
            fastcgi_param SCRIPT_NAME     /index.php;
            fastcgi_pass 127.0.0.1:${php.port};
            include offload/poll.conf;
        }`;

  beforeAll(async () => {
    uwsgi = await Uwsgi.start();
    gunicorn = await Gunicorn.start();
    php = await PhpFpm.start();
    tlsPort = await freePort();
    const wsgi = BACKENDS.filter(({ name }) => name !== 'php');
    const calls = wsgi.map((one) => location(`~ ^/(poll/)?${one.name}/`, one, one.protocol));
    const polls = wsgi.map((one) => location(`/poll/${one.name}/`, one, 'poll'));
    nginx = await Nginx.start(release, {
      appPort: uwsgi.ports.proxy,
      files,
      server: `
        listen 127.0.0.1:${tlsPort} ssl;
        if ($arg_interval) { set $offload_interval $arg_interval; }
        ${lines} ${calls.join('')} ${phpSite()}`,
      waiter: polls.join('') + phpPolls(),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
    await gunicorn?.stop();
    await php?.stop();
  });

  /** Calls that queue a job; the result is the last poll as the app received it. */
  const queue = {
    GET: ({ name }: Backend, form: string) =>
      call(nginx.port, `/${name}/job?${form}`, { headers: HEADERS }),
    POST: ({ name }: Backend, form: string) =>
      call(nginx.port, `/${name}/job`, {
        method: 'POST',
        headers: { ...HEADERS, ...FORM },
        body: form,
      }),
  };
  const methods = Object.keys(queue) as (keyof typeof queue)[];

  const pollOf = (backend: Backend, job: string) => ({
    REQUEST_METHOD: 'POST',
    REQUEST_URI: expect.stringMatching(`^/poll/${backend.name}/\\d+-${encodeURI(job)}/\\d+$`),
    PATH_INFO: expect.stringMatching(`^/poll/${backend.name}/\\d+-${job}/\\d+$`),
    REMOTE_ADDR: CLIENT,
    HTTP_HOST: HEADERS.Host,
    HTTP_COOKIE: HEADERS.Cookie,
    // over HTTP, nginx is the client of the app server, so this is set by a header
    HTTP_X_REAL_IP: backend.protocol === 'proxy' ? CLIENT : '',
    'wsgi.url_scheme': 'http',
    // not those of the call
    QUERY_STRING: '',
    CONTENT_TYPE: '',
    CONTENT_LENGTH: expect.stringMatching(/^0?$/),
  });

  /** Values by title, so that a failure names the server; all at the same time, as they mostly wait. */
  const ofEach = async <T>(action: (backend: Backend) => T | Promise<T>) =>
    Object.fromEntries(
      await Promise.all(BACKENDS.map(async (backend) => [backend.title, await action(backend)])),
    ) as Record<string, T>;

  test.each(methods)(
    'a %s gets its result; polls are POSTs without a body, with the client address',
    async (method) => {
      const answers = await ofEach((backend) =>
        queue[method](backend, `length=700&name=${method}`),
      );
      for (const [title, { status, ms }] of Object.entries(answers)) {
        expect({ title, status, isLate: ms >= 700 }).toEqual({ title, status: 200, isLate: true });
      }
      expect(await ofEach(({ title }) => JSON.parse(answers[title]?.body ?? ''))).toEqual(
        await ofEach((backend) => pollOf(backend, method)),
      );
    },
  );

  test('simultaneous clients get the results of their own jobs', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `${i}`);
    const seen = await ofEach((backend) =>
      Promise.all(
        names.map(async (name, i) => {
          const answer = await queue[methods[i % 2] ?? 'GET'](backend, `length=700&name=${name}`);
          return JSON.parse(answer.body);
        }),
      ),
    );
    expect(seen).toEqual(await ofEach((backend) => names.map((name) => pollOf(backend, name))));
  });

  test.each(methods)('the Location in the result of a %s is requested with GET', async (method) => {
    const seen = await ofEach(async (backend) =>
      JSON.parse((await queue[method](backend, 'length=100&name=elsewhere')).body),
    );
    const found = ({ name }: Backend) => {
      const path = `/poll/${name}/found`;
      return { REQUEST_METHOD: 'GET', REQUEST_URI: path, PATH_INFO: path };
    };
    expect(seen).toEqual(
      await ofEach((backend) => ({ ...pollOf(backend, ''), ...found(backend) })),
    );
  });

  test('a call that is not offloaded is passed to the app unchanged', async () => {
    const seen = await ofEach(async ({ name }) => {
      const path = `/${name}/fast%20lane?part=1&half=%32`;
      const { status, body } = await call(nginx.port, path, { headers: HEADERS });
      return { status, ...JSON.parse(body) };
    });
    expect(seen).toMatchObject(
      await ofEach(({ name }) => ({
        status: 200,
        REQUEST_METHOD: 'GET',
        REQUEST_URI: `/${name}/fast%20lane?part=1&half=%32`,
        PATH_INFO: `/${name}/fast lane`,
        QUERY_STRING: 'part=1&half=%32',
        REMOTE_ADDR: CLIENT,
        HTTP_HOST: HEADERS.Host,
        HTTP_COOKIE: HEADERS.Cookie,
      })),
    );
  });

  test('a job id may contain a space', async () => {
    const seen = await ofEach(async (backend) =>
      JSON.parse((await queue.GET(backend, 'length=100&name=a%20b')).body),
    );
    expect(seen).toEqual(await ofEach((backend) => pollOf(backend, 'a b')));
  });

  test('a result of 3 MB without a Content-Length is complete', async () => {
    const large = '0123456789abcdef'.repeat(3 * 65536);
    const isComplete = await ofEach(async (backend) => {
      const answer = await queue.POST(backend, 'length=100&name=large%20one');
      return answer.body === large;
    });
    expect(isComplete).toEqual(await ofEach(() => true));
  });

  test('a poll for an https client has the scheme https', async () => {
    const seen = await ofEach(async ({ name }) =>
      JSON.parse(await getOverTls(tlsPort, `/${name}/job?length=100&name=tls`)),
    );
    const polls = await ofEach((backend) => ({
      ...pollOf(backend, 'tls'),
      'wsgi.url_scheme': 'https',
    }));
    expect(seen).toEqual(polls);
  });

  // the last one, as it removes the socket
  test("when the waiter's socket is removed, a held client is polled for in place, with each of them", async () => {
    const held = methods.flatMap((method) =>
      BACKENDS.map(async (backend) => ({
        method,
        seen: JSON.parse(
          (await queue[method](backend, `length=4000&interval=4s&name=${method}`)).body,
        ),
        expected: pollOf(backend, method),
      })),
    );
    // during the first pause, which is of 3.6 s at least: a busy machine takes longer to start rm in the container
    await sleep(1500);
    rmSync(`/proc/${nginx.masterPid()}/root/run/nginx-offload/waiter.sock`);
    for (const { seen, expected } of await Promise.all(held)) {
      expect(seen).toEqual(expected);
    }
  });
});

function getOverTls(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${port}${path}`;
    https
      .get(url, { headers: HEADERS, rejectUnauthorized: false }, async (response) => {
        const pieces: Buffer[] = [];
        for await (const piece of response) {
          pieces.push(piece);
        }
        resolve(Buffer.concat(pieces).toString());
      })
      .on('error', reject);
  });
}
