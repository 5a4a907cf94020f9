/** A real uWSGI behind the cache, with each *_pass of nginx, for a site with TLS. */

import https from 'node:https';
import { selfSigned } from '../../../testkit/machines/certificate';
import { freePort, Nginx, onRelease, stable } from '../../../testkit/servers/nginx';
import { type Protocol, protocols, Uwsgi } from '../../../testkit/servers/uwsgi';

const PARAMS = {
  proxy: `
            proxy_set_header Host $offload_host;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-Proto $offload_scheme;`,
  uwsgi: 'include uwsgi_params;',
  fastcgi: 'include fastcgi_params; fastcgi_param PATH_INFO $document_uri;',
  scgi: 'include scgi_params; scgi_param PATH_INFO $document_uri;',
};

describe.each(stable)(onRelease, (release) => {
  const { files, lines } = selfSigned();
  let uwsgi: Uwsgi;
  let nginx: Nginx;
  let tlsPort: number;

  beforeAll(async () => {
    uwsgi = await Uwsgi.start();
    tlsPort = await freePort();
    const pass = (protocol: Protocol, snippets: string[]) => `
            ${PARAMS[protocol]}
            ${protocol}_pass ${protocol === 'proxy' ? 'http://' : ''}127.0.0.1:${uwsgi.ports[protocol]};
            ${snippets.map((name) => `include offload/${name}.conf;`).join(' ')}`;
    nginx = await Nginx.start(release, {
      appPort: uwsgi.ports.proxy,
      files,
      http: `
    include offload/cache/http.conf;
    server {
        include offload/cache/origin.conf;
        include offload/server.conf;
        ${protocols.map((each) => `location /${each}/ { ${pass(each, [each, 'cache/app'])} }`).join('\n')}
    }`,
      server: `
        listen 127.0.0.1:${tlsPort} ssl; ${lines}
        include offload/cache/server.conf;
        ${protocols
          .map(
            (each) =>
              `location /${each}/ { proxy_cache_valid 200 10m; include offload/cache/location.conf; }`,
          )
          .join('\n')}`,
      waiter: protocols
        .map((each) => `location /poll/${each}/ { ${pass(each, ['poll'])} }`)
        .join('\n'),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
  });

  describe.each(protocols)('%s_pass', (protocol) => {
    const addressOf = (address: string) =>
      // over HTTP, nginx is the client of the app server
      protocol === 'proxy' ? { HTTP_X_REAL_IP: address } : { REMOTE_ADDR: address };

    test.each(['', 'job?length=300&name=a'])(
      'for an anonymous visitor the app sees the scheme and the Host: /%s',
      async (path) => {
        const first = await ask(tlsPort, `/${protocol}/${path}`, { Cookie: 'tracked=1' });
        const second = await ask(tlsPort, `/${protocol}/${path}`, {});
        expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
        expect(second.seen).toEqual(first.seen);
        expect(first.seen).toMatchObject({
          'wsgi.url_scheme': 'https',
          HTTP_HOST: 'app.example',
          HTTP_COOKIE: '',
          ...addressOf('0.0.0.0'),
        });
      },
    );

    test.each(['', 'job?length=300&name=a'])(
      'for a visitor with a session it sees all, in a poll as well: /%s',
      async (path) => {
        const Cookie = 'session=1; tracked=1';
        const { cache, seen } = await ask(tlsPort, `/${protocol}/${path}`, { Cookie });
        expect(cache).toBe('BYPASS');
        expect(seen).toMatchObject({
          'wsgi.url_scheme': 'https',
          HTTP_HOST: 'app.example',
          HTTP_COOKIE: Cookie,
          ...addressOf('127.0.0.1'),
        });
      },
    );
  });
});

interface TlsAnswer {
  cache: unknown;
  seen: Record<string, string>;
}

function ask(port: number, path: string, headers: Record<string, string>): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      headers: { Host: 'app.example', ...headers },
      rejectUnauthorized: false,
      agent: false as const,
    };
    https
      .get(`https://127.0.0.1:${port}${path}`, options, async (response) => {
        const pieces: Buffer[] = [];
        for await (const piece of response) {
          pieces.push(piece);
        }
        const body = Buffer.concat(pieces).toString();
        resolve({ cache: response.headers['x-cache-status'], seen: JSON.parse(body) });
      })
      .on('error', reject);
  });
}
