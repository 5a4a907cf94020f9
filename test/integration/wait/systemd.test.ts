/** service/systemd.conf, on Debian's nginx under a real systemd. */

import { call } from '../../harness/client';
import { answers } from '../../harness/nginx';
import { Systemd } from '../../harness/systemd';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';

const DROP_IN: [string, string] = [
  '/etc/nginx/offload/service/systemd.conf',
  '/etc/systemd/system/nginx.service.d/offload.conf',
];

describe("Debian 13's nginx under systemd", () => {
  const app = new App();
  let systemd: Systemd;

  beforeAll(async () => {
    await app.start();
  });

  afterAll(async () => {
    await app.stop();
  });

  afterEach(() => {
    systemd.stop();
  });

  const startNginx = async () => {
    systemd.ask('start', 'nginx');
    await until('nginx listens', () => answers(systemd.port));
  };

  const killed = async () => {
    await startNginx();
    systemd.ask('kill', '--signal=KILL', 'nginx');
    await until('nginx is gone', () => systemd.ask('is-active', 'nginx') === 'failed');
    systemd.ask('start', 'nginx');
    return systemd.ask('is-active', 'nginx');
  };

  test('killed, nginx starts again', async () => {
    systemd = await Systemd.start(app.port, [DROP_IN]);
    expect(await killed()).toBe('active');
    expect((await call(systemd.port, '/job?length=300')).status).toBe(200);
    // nobody but nginx enters the waiter's folder
    expect(systemd.run('stat', '-c', '%a %U', '/run/nginx-offload')).toBe('700 www-data');
  });

  test('killed without the drop-in, it does not', async () => {
    systemd = await Systemd.start(app.port, []);
    expect(await killed()).not.toBe('active');
  });

  test('a stop waits for held clients longer than the 5 s of Debian', async () => {
    systemd = await Systemd.start(app.port, [DROP_IN]);
    await startNginx();
    const known = app.jobs.list().length;
    const client = call(systemd.port, '/job?length=9000');
    await until('it is held', () => app.jobs.list().length > known);
    await sleep(500);
    systemd.ask('stop', '--no-block', 'nginx');
    expect((await client).status).toBe(200);
    await until('nginx has ended', () => systemd.ask('is-active', 'nginx') === 'inactive');
  });
});
