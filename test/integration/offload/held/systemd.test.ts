/** service/systemd.conf with Debian's nginx, as copied from the folder of make dist. */

import { readFileSync } from 'node:fs';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { Systemd } from '../../../../testkit/machines/systemd';
import { answers } from '../../../../testkit/servers/nginx';

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

  /** Adds lines to the unit, as an owner does. */
  const withUnit = (lines: string) => {
    const folder = '/etc/systemd/system/nginx.service.d';
    const drop = `mkdir -p ${folder}; printf '[Service]\\n%s\\n' '${lines}' >${folder}/own.conf`;
    systemd.run('sh', '-ec', drop);
    systemd.systemctl('daemon-reload');
  };

  const access = () => systemd.run('stat', '-c', '%a %U', '/run/nginx-offload');

  /** Whether a user of the machine reaches the waiter. */
  const isOpen = () => {
    const connect = `use IO::Socket::UNIX;
      print IO::Socket::UNIX->new(Peer => "/run/nginx-offload/waiter.sock") ? "open" : "closed"`;
    return systemd.run('setpriv', '--reuid', 'nobody', '--clear-groups', 'perl', '-e', connect);
  };

  test('a RuntimeDirectory= is closed to other users, at each start and reload', async () => {
    systemd = await Systemd.start(app.port, [DROP_IN]);
    withUnit('RuntimeDirectory=nginx-offload');
    for (const verb of ['start', 'reload', 'restart']) {
      systemd.systemctl(verb, 'nginx');
      await until('nginx listens', () => answers(systemd.port));
      // systemd gives it to root, and nginx takes it back
      await until('the folder is that of nginx', () => access() === '700 www-data');
      expect(isOpen()).toBe('closed');
      expect((await call(systemd.port, '/job?length=300')).status).toBe(200);
    }
    expect(systemd.run('cat', '/var/log/offload/error.log')).not.toContain('other users');
  });

  test('without the drop-in it is open, and the error log says so', async () => {
    systemd = await Systemd.start(app.port, []);
    withUnit('RuntimeDirectory=nginx-offload');
    await startNginx();
    expect([access(), isOpen()]).toEqual(['755 www-data', 'open']);
    expect((await call(systemd.port, '/job?length=300')).status).toBe(200);
    await until('it is logged', () =>
      systemd
        .run('cat', '/var/log/offload/error.log')
        .includes('other users can reach the sockets'),
    );
  });

  test('with ProtectSystem=strict, and the folders of docs/operations.md, nginx offloads', async () => {
    const [, lines = ''] =
      /```ini\n\[Service\]\n(ProtectSystem[^`]*)\n```/.exec(
        readFileSync('docs/operations.md', 'utf8'),
      ) ?? [];
    systemd = await Systemd.start(app.port, [DROP_IN]);
    withUnit(`${lines} /var/log/offload`);
    await startNginx();
    expect([access(), isOpen()]).toEqual(['700 www-data', 'closed']);
    expect((await call(systemd.port, '/job?length=300')).status).toBe(200);

    // neither folder of ours
    systemd.systemctl('stop', 'nginx');
    withUnit('ProtectSystem=strict\nReadWritePaths=/var/lib/nginx /var/log/nginx /var/log/offload');
    systemd.systemctl('start', 'nginx');
    expect(systemd.systemctl('is-active', 'nginx')).toBe('failed');
  });
});
