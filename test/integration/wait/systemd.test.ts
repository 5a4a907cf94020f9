/** service/systemd.conf with Debian's nginx, as copied from the folder of make dist. */

import { call } from '../../../testkit/client';
import { answers } from '../../../testkit/nginx';
import { Systemd } from '../../../testkit/systemd';
import { sleep, until } from '../../../testkit/until';
import { App } from '../../../testkit/upstream/app';

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
    systemd.systemctl('start', 'nginx');
    await until('nginx listens', () => answers(systemd.port));
  };

  const kill = () => systemd.systemctl('kill', '--signal=KILL', 'nginx');

  const mainPid = () => systemd.systemctl('show', '--property=MainPID', '--value', 'nginx');

  test('a killed nginx starts again', async () => {
    systemd = await Systemd.start(app.port, [DROP_IN]);
    await startNginx();
    const killed = mainPid();
    kill();
    // not by the port: connections are accepted until the last killed process has exited
    await until('nginx has a new main process', () => !['0', killed].includes(mainPid()));
    await until('nginx listens', () => answers(systemd.port));
    expect((await call(systemd.port, '/job?length=300')).status).toBe(200);
  });

  test('without the drop-in it does not, and cannot be started', async () => {
    systemd = await Systemd.start(app.port, []);
    await startNginx();
    kill();
    await until('nginx has exited', () => systemd.systemctl('is-active', 'nginx') === 'failed');
    systemd.systemctl('start', 'nginx');
    expect(systemd.systemctl('is-active', 'nginx')).toBe('failed');
  });

  test('a stop waits for held clients, longer than the 5 s of Debian', async () => {
    systemd = await Systemd.start(app.port, [DROP_IN]);
    await startNginx();
    const known = app.jobs.list().length;
    const client = call(systemd.port, '/job?length=9000');
    await until('the job is queued', () => app.jobs.list().length > known);
    await sleep(500);
    systemd.systemctl('stop', '--no-block', 'nginx');
    expect((await client).status).toBe(200);
    await until('nginx has stopped', () => systemd.systemctl('is-active', 'nginx') === 'inactive');
  });
});
