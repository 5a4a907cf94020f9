/** $offload_identity: whom auth_request or a certificate says the client is, at polls as well (docs/app.md). */

import { readFileSync } from 'node:fs';
import https from 'node:https';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { selfSigned } from '../../../../testkit/machines/certificate';
import { type CachedSite, startCachedSite } from '../../../../testkit/servers/cached';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Uwsgi } from '../../../../testkit/servers/uwsgi';

const page = readFileSync('docs/app.md', 'utf8');

function blockWith(text: string): string {
  const blocks = [...page.matchAll(/```nginx\n(.*?)```/gs)].map(([, block = '']) => block);
  const found = blocks.find((block) => block.includes(text));
  if (found === undefined) {
    throw new Error(`docs/app.md has no block with ${text}`);
  }
  return found;
}

interface Seen {
  method: string;
  path: string;
  params: Record<string, string>;
}

/** What a client may send to be taken for another one. */
const FORGED = {
  OffloadIdentity: 'mallory',
  'Keep-Alive': 'mallory',
  'Offload-Identity': 'mallory',
  Offload_Identity: 'mallory',
  'X-User': 'mallory',
  'Remote-User': 'mallory',
  TE: 'mallory',
};

const auth = `
        auth_request /auth;
        auth_request_set $user $upstream_http_x_user;
        location = /auth { internal; proxy_pass http://who; }`;

describe.each(ends)(onRelease, (release) => {
  let uwsgi: Uwsgi;
  const nginxes: Nginx[] = [];
  const server = selfSigned();
  const client = selfSigned();
  const ports = { sso: 0, tls: 0 };

  const start = async (identity: string, lines: string, files = {}) => {
    const [port, who] = [await freePort(), await freePort()];
    const http = (name: string, more: string) => `
        location ${name} {
            proxy_pass http://app;
            ${blockWith('X-User $offload_identity')}
            include offload/${more}.conf;
        }`;
    const parameters = (name: string, more: string) => `
        location ${name} {
            uwsgi_pass 127.0.0.1:${uwsgi.ports.uwsgi};
            ${more === 'uwsgi' ? 'include uwsgi_params;' : ''}
            include offload/${more}.conf;
            ${blockWith('REMOTE_USER $offload_identity')}
        }`;
    nginxes.push(
      await Nginx.start(release, {
        appPort: uwsgi.ports.proxy,
        files,
        http: `
    underscores_in_headers on;
    ${identity}
    upstream who { server 127.0.0.1:${who}; }
    server {
        listen 127.0.0.1:${who};
        location / { add_header X-User $cookie_name; return 204; }
    }
    server {
        listen 127.0.0.1:${port} ${lines.includes('ssl_') ? 'ssl' : ''};
        include offload/server.conf;
        ${lines}
        ${http('/http/', 'proxy')}
        ${parameters('/uwsgi/', 'uwsgi')}
    }`,
        waiter: http('/poll/http/', 'poll') + parameters('/poll/uwsgi/', 'poll'),
      }),
    );
    return port;
  };

  beforeAll(async () => {
    uwsgi = await Uwsgi.start('headers.py', ['--threads', '4']);
    ports.sso = await start(blockWith('default $user;'), auth);
    const certificates = `${server.lines}
        ssl_client_certificate /var/log/offload/client.pem;
        ssl_verify_client optional_no_ca;`;
    ports.tls = await start(blockWith('$ssl_client_s_dn;'), certificates, {
      ...server.files,
      'client.pem': client.files['certificate.pem'] ?? '',
    });
  });

  afterAll(async () => {
    await Promise.all(nginxes.map((nginx) => nginx.stop()));
    await uwsgi?.stop();
  });

  const seen = async (): Promise<Seen[]> =>
    JSON.parse((await call(uwsgi.ports.proxy, '/seen')).body);
  /** Whom the app saw, by the requests of a call. */
  const told = async (protocol: string, ask: () => Promise<number | undefined>) => {
    const { length } = await seen();
    expect(await ask()).toBe(200);
    const requests = (await seen()).slice(length);
    // the call, two polls at least, and the result
    expect(requests.length).toBeGreaterThan(3);
    const users = requests.map(
      ({ params }) => params[protocol === 'http' ? 'HTTP_X_USER' : 'REMOTE_USER'] || undefined,
    );
    return [...new Set(users)];
  };

  const sso = (protocol: string, headers: Record<string, string>) => async () =>
    (await call(ports.sso, `/${protocol}/job`, { headers })).status;

  const overTls = (protocol: string, files: Record<string, string> = {}) => {
    const options = {
      port: ports.tls,
      path: `/${protocol}/job`,
      headers: FORGED,
      rejectUnauthorized: false,
      ...(files['key.pem'] && { key: files['key.pem'], cert: files['certificate.pem'] }),
    };
    return () =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = https.get(options, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        request.on('error', reject);
      });
  };

  describe.each(['http', 'uwsgi'])('%s', (protocol) => {
    test('the user of auth_request, at each request of a call', async () => {
      expect(await told(protocol, sso(protocol, { Cookie: 'name=alice' }))).toEqual(['alice']);
    });

    test('a client that sends such headers is still himself', async () => {
      const headers = { ...FORGED, Cookie: 'name=alice' };
      expect(await told(protocol, sso(protocol, headers))).toEqual(['alice']);
    });

    test('or nobody', async () => {
      expect(await told(protocol, sso(protocol, FORGED))).toEqual([undefined]);
    });

    test('a certificate that is verified', async () => {
      expect(await told(protocol, overTls(protocol, client.files))).toEqual(['CN=localhost']);
    });

    test.each([
      ['none', {}],
      ['of another issuer', selfSigned().files],
    ])('no certificate that is: %s', async (_, files) => {
      expect(await told(protocol, overTls(protocol, files))).toEqual([undefined]);
    });

    test('the DELETE of a client that leaves', async () => {
      const { length } = await seen();
      const left = call(ports.sso, `/${protocol}/slow`, {
        headers: { ...FORGED, Cookie: 'name=alice' },
        timeout: 700,
      });
      await expect(left).rejects.toThrow('timeout');
      const cancels = async () =>
        (await seen()).slice(length).filter(({ method }) => method === 'DELETE');
      await until('it is cancelled', async () => (await cancels()).length === 1);
      const [{ params } = { params: {} as Seen['params'] }] = await cancels();
      expect(params[protocol === 'http' ? 'HTTP_X_USER' : 'REMOTE_USER']).toBe('alice');
    });
  });
});

describe.each(ends)(`behind the cache, ${onRelease}`, (release) => {
  let site: CachedSite;

  beforeAll(async () => {
    site = await startCachedSite(release, {
      http: 'map "" $offload_identity { default $who; }',
      // as auth_request would, of the site alone
      server: 'set $who $cookie_session;',
      origin: blockWith('X-User $offload_identity'),
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  test('the app is told who a visitor is, and of an anonymous one nothing', async () => {
    const headers = { ...FORGED, Cookie: 'session=alice' };
    const answer = await site.ask('/reports/1', { headers });
    expect(answer.cache).toBe('BYPASS');
    expect(answer.seen?.headers['x-user']).toBe('alice');
    const anonymous = await site.ask('/reports/1', { headers: FORGED });
    expect(anonymous.cache).toBe('MISS');
    expect(anonymous.seen?.headers).not.toHaveProperty('x-user');
  });
});
