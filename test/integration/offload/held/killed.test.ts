/** nginx is killed with held clients, and started again. */

import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { answers, ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const IN_A_CONTAINER = ['/etc/nginx/offload/service/container.sh', 'nginx', '-g', 'daemon off;'];

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const killWithClientsHeld = async (entrypoint?: string[]) => {
    nginx = await Nginx.start(release, { appPort: app.port }, entrypoint);
    const clients = Array.from({ length: 50 }, () =>
      call(nginx.port, '/job?length=60000').catch(() => 'lost'),
    );
    const known = app.jobs.list().length;
    await until('all jobs are queued', () => app.jobs.list().length >= known + clients.length);
    nginx.kill();
    expect(new Set(await Promise.all(clients))).toEqual(new Set(['lost']));
    await nginx.startAgain();
  };

  test('with service/container.sh, nginx starts despite the old socket, and offloads', async () => {
    await killWithClientsHeld(IN_A_CONTAINER);
    await until('nginx listens', () => answers(nginx.port));
    expect((await call(nginx.port, '/job?length=300')).status).toBe(200);
  });

  test('without it, nginx does not start and logs the path of the socket', async () => {
    await killWithClientsHeld();
    await until('nginx has exited', () => !nginx.isRunning());
    expect(nginx.errorLog()).toContain(
      'bind() to unix:/run/nginx-offload/waiter.sock failed (98: Address already in use)',
    );
  });
});
