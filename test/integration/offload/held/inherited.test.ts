/** Directives in http {} do not affect the waiter. */

import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const http = `
    satisfy any;
    auth_basic "all of it"; auth_basic_user_file /var/log/offload/users;
    open_file_cache max=100 inactive=1m; open_file_cache_valid 1m; open_file_cache_errors on;
    disable_symlinks on;
    error_page 401 404 500 502 503 504 /sorry;
    root /var/www; index nothing.html;
    limit_rate 1;
    proxy_buffer_size 1k; proxy_buffers 4 1k; proxy_busy_buffers_size 2k;
    proxy_temp_file_write_size 4k;
    proxy_read_timeout 1s; proxy_connect_timeout 1s;
    proxy_intercept_errors on; proxy_next_upstream off; proxy_next_upstream_tries 1;
    proxy_pass_request_headers off; proxy_method PUT; proxy_http_version 1.0;
    proxy_hide_header X-Job; proxy_set_header X-Mine 1;
    proxy_cache_valid any 1m; proxy_store off; proxy_buffering off;`;

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http,
      // the public server overrides them; a client without a further attempt in a quit has its 503 after the timeout
      server:
        'set $offload_timeout 8s; auth_basic off; limit_rate 0; proxy_pass_request_headers on; proxy_method $request_method;',
      files: { users: 'nobody:{PLAIN}nothing\n' },
    });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  const lastJob = () => app.jobs.list().at(-1);

  test('a job longer than the timeouts in http {} is polled by the default schedule', async () => {
    const answer = await call(nginx.port, '/job?length=3000');
    expect(answer).toMatchObject({ status: 200, body: `result of job ${lastJob()?.id}\n` });
    expect(lastJob()?.polls.length).toBeGreaterThan(2);
    expect(lastJob()?.polls.length).toBeLessThan(15);
  });

  test('a call with Authorization is polled by the same schedule, without an error in the log', async () => {
    const Authorization = `Basic ${Buffer.from('username:secret').toString('base64')}`;
    const answer = await call(nginx.port, '/job?length=3000', { headers: { Authorization } });
    expect(answer.status).toBe(200);
    expect(lastJob()?.polls.length).toBeGreaterThan(2);
    expect(lastJob()?.polls.length).toBeLessThan(15);
    expect(nginx.errorLog()).not.toContain('username');
  });

  test('held clients get their results during nginx -s quit', async () => {
    const known = app.jobs.list().length;
    const answers = Array.from({ length: 20 }, () => call(nginx.port, '/job?length=4000'));
    await until('all jobs are queued', () => app.jobs.list().length === known + 20);
    await sleep(1500);
    await nginx.run('nginx', '-s', 'quit');
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    // 503: between two attempts at that instant
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(10);
  });
});
