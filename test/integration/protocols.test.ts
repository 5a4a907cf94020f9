import { call } from '../harness/client';
import { matrix, Nginx, onRelease } from '../harness/nginx';
import { type Protocol, protocols, Uwsgi } from '../harness/uwsgi';

/** What a WSGI app needs and Debian's *_params leave out, as a user adds it. */
const ADDED_PARAMS = {
  proxy: '',
  uwsgi: '',
  fastcgi: 'fastcgi_param PATH_INFO $document_uri;',
  scgi: 'scgi_param PATH_INFO $document_uri;',
};

const CLIENT = '127.0.0.1';
const HEADERS = { Host: 'app.example', Cookie: 'session=1' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe.each(matrix)(onRelease, (release) => {
  let uwsgi: Uwsgi;
  let nginx: Nginx;

  /** As in the head of the snippet. */
  const location = (path: string, protocol: Protocol, snippet: string) => {
    const scheme = protocol === 'proxy' ? 'http://' : '';
    return `
        location ${path} {
            include ${protocol}_params;
            ${ADDED_PARAMS[protocol]}
            ${protocol}_pass ${scheme}127.0.0.1:${uwsgi.ports[protocol]};
            include offload/${snippet}.conf;
        }`;
  };

  beforeAll(async () => {
    uwsgi = await Uwsgi.start();
    const calls = protocols.map((name) => location(`~ ^/(poll/)?${name}/`, name, name));
    const polls = protocols.map((name) => location(`/poll/${name}/`, name, 'poll'));
    nginx = await Nginx.start(release, {
      appPort: uwsgi.ports.proxy,
      server: calls.join(''),
      waiter: polls.join(''),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
  });

  /** Two ways to queue a job; its result is what the app saw of the last poll. */
  const ways = {
    GET: (protocol: Protocol, form: string) =>
      call(nginx.port, `/${protocol}/job?${form}`, { headers: HEADERS }),
    POST: (protocol: Protocol, form: string) =>
      call(nginx.port, `/${protocol}/job`, {
        method: 'POST',
        headers: { ...HEADERS, ...FORM },
        body: form,
      }),
  };
  const methods = Object.keys(ways) as (keyof typeof ways)[];

  const pollOf = (protocol: Protocol, name: string) => {
    const path = expect.stringMatching(`^/poll/${protocol}/\\d+-${name}/\\d+$`);
    return {
      REQUEST_METHOD: 'POST',
      REQUEST_URI: path,
      PATH_INFO: path,
      REMOTE_ADDR: CLIENT,
      HTTP_HOST: HEADERS.Host,
      HTTP_COOKIE: HEADERS.Cookie,
      // over HTTP, nginx is the client of uWSGI
      HTTP_X_REAL_IP: protocol === 'proxy' ? CLIENT : '',
      'wsgi.url_scheme': 'http',
      // the query and the body were the call's
      QUERY_STRING: '',
      CONTENT_TYPE: '',
      CONTENT_LENGTH: expect.stringMatching(/^0?$/),
    };
  };

  describe.each(protocols)('behind %s_pass', (protocol) => {
    test.each(methods)(
      'a %s waits for its result; a poll is a POST by the client, to its own path and with no body',
      async (method) => {
        const answer = await ways[method](protocol, `length=700&name=${method}`);
        expect(answer.status).toBe(200);
        expect(answer.ms).toBeGreaterThanOrEqual(700);
        expect(JSON.parse(answer.body)).toEqual(pollOf(protocol, method));
      },
    );

    test('clients that wait side by side each get the result of their own job', async () => {
      const names = Array.from({ length: 10 }, (_, i) => `${i}`);
      const answers = await Promise.all(
        names.map((name, i) => ways[methods[i % 2] ?? 'GET'](protocol, `length=700&name=${name}`)),
      );
      expect(answers.map(({ body }) => JSON.parse(body))).toEqual(
        names.map((name) => pollOf(protocol, name)),
      );
    });

    test.each(methods)('the Location that a %s led to is asked for with GET', async (method) => {
      const answer = await ways[method](protocol, 'length=100&name=elsewhere');
      const path = `/poll/${protocol}/found`;
      expect(JSON.parse(answer.body)).toEqual({
        ...pollOf(protocol, ''),
        REQUEST_METHOD: 'GET',
        REQUEST_URI: path,
        PATH_INFO: path,
      });
    });

    test('what is not offloaded reaches the app as the client sent it', async () => {
      const path = `/${protocol}/fast%20lane?part=1&half=%32`;
      const answer = await call(nginx.port, path, { headers: HEADERS });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({
        REQUEST_METHOD: 'GET',
        REQUEST_URI: path,
        PATH_INFO: `/${protocol}/fast lane`,
        QUERY_STRING: 'part=1&half=%32',
        REMOTE_ADDR: CLIENT,
        HTTP_HOST: HEADERS.Host,
        HTTP_COOKIE: HEADERS.Cookie,
      });
    });
  });

  // the last one: in a quit there is no waiter for a client whose signal comes now
  describe.each(protocols)('behind %s_pass, with the waiter gone', (protocol) => {
    beforeAll(() => nginx.run('rm', '-f', '/run/nginx-offload/waiter.sock'));

    test.each(methods)('a %s is polled for in place, as the waiter does', async (method) => {
      const answer = await ways[method](protocol, `length=700&name=${method}`);
      expect(answer.status).toBe(200);
      const poll = pollOf(protocol, method);
      // headers over HTTP are the user's: a snippet that set one would undo them
      const type = protocol === 'proxy' && method === 'POST' ? FORM['Content-Type'] : '';
      expect(JSON.parse(answer.body)).toEqual({ ...poll, CONTENT_TYPE: type });
    });
  });
});
