/** Debian's nginx under systemd, with the package: nginx starts again, however it was ended. */

import { App } from '../../../testkit/apps/app';
import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { builtPackage, type Package } from '../../../testkit/machines/package';
import { Systemd } from '../../../testkit/machines/systemd';
import { answers } from '../../../testkit/servers/nginx';

/** On both with OFFLOAD_MATRIX. */
const releases = process.env.OFFLOAD_MATRIX
  ? (['bookworm', 'trixie'] as const)
  : (['trixie'] as const);

describe.each(releases)('%s', (release) => {
  const app = new App();
  let systemd: Systemd;
  let built: Package;

  beforeAll(async () => {
    await app.start();
    built = builtPackage();
    systemd = await Systemd.start(app.port, [], built.file, release);
  });

  beforeEach(async () => {
    systemd.systemctl('start', 'nginx');
    await until('nginx listens', () => answers(systemd.port));
  });

  afterAll(async () => {
    systemd.stop();
    built.remove();
    await app.stop();
  });

  const masterPid = () => systemd.systemctl('show', 'nginx', '--property=MainPID', '--value');

  const kill = (whom: string) =>
    systemd.systemctl('kill', '--signal=KILL', `--kill-whom=${whom}`, 'nginx');

  /** Waits for another nginx than that of the pid, without starting it. */
  const isUpAgain = (pid: string) =>
    until('another nginx listens', async () => {
      // first what takes less CPU to ask
      return (await answers(systemd.port)) && !['0', pid].includes(masterPid());
    });

  const offloads = async () =>
    expect((await call(systemd.port, '/job?length=300')).status).toBe(200);

  test.each(['main', 'all'])(
    'nginx is up again after kill -9 of its processes: %s',
    async (whom) => {
      const pid = masterPid();
      const clients = Array.from({ length: 20 }, () =>
        call(systemd.port, '/job?length=60000').catch(() => 'lost'),
      );
      const known = app.jobs.list().length;
      await until('all jobs are queued', () => app.jobs.list().length >= known + clients.length);
      kill(whom);
      expect(new Set(await Promise.all(clients))).toEqual(new Set(['lost']));
      await isUpAgain(pid);
      await offloads();
      // only nginx has access to the sockets
      expect(systemd.run('stat', '-c', '%a %U', '/run/nginx-offload')).toBe('700 www-data');
    },
  );

  test('nginx is up again after the sixth kill in a row', async () => {
    for (let kills = 0; kills < 6; kills++) {
      const pid = masterPid();
      kill('main');
      await isUpAgain(pid);
    }
    await offloads();
  });

  test('nginx is up again after a power cut', async () => {
    systemd.systemctl('enable', 'nginx');
    await systemd.powerCut();
    await until('nginx listens', () => answers(systemd.port));
    await offloads();
  });

  test('what was learned outlasts a kill and a restart', async () => {
    const learned = '/run/nginx-offload/schedule/route-reports.times';
    systemd.run('sh', '-ec', `mkdir -p "$(dirname ${learned})"; echo kept >${learned}`);
    const pid = masterPid();
    kill('all');
    await isUpAgain(pid);
    systemd.systemctl('restart', 'nginx');
    expect(systemd.run('cat', learned)).toBe('kept');
  });

  test('an nginx that was started by hand keeps its sockets when systemd cannot start another', async () => {
    systemd.systemctl('stop', 'nginx');
    systemd.run('nginx');
    await until('nginx listens', () => answers(systemd.port));
    // systemd removes the pid file
    const pid = systemd.run('cat', '/run/nginx.pid');
    systemd.systemctl('start', 'nginx');
    expect(systemd.systemctl('is-active', 'nginx')).toBe('failed');
    await offloads();
    systemd.run('sh', '-c', `kill ${pid}`);
    await until('nginx has stopped', async () => !(await answers(systemd.port)));
  });

  test('an invalid nginx.conf is tried once, and not again', () => {
    systemd.systemctl('stop', 'nginx');
    systemd.run('sh', '-ec', 'echo invalid >/etc/nginx/offload/limits.conf');
    try {
      systemd.systemctl('start', 'nginx');
      expect(systemd.systemctl('show', 'nginx', '--property=SubState', '--value')).toBe('failed');
    } finally {
      systemd.run('sh', '-ec', 'echo >/etc/nginx/offload/limits.conf');
    }
  });

  test('a restart without a quit is no end of the service', async () => {
    const restarts = () => systemd.systemctl('show', 'nginx', '--property=NRestarts');
    const [pid, before] = [masterPid(), restarts()];
    systemd.run(
      'bash',
      '-ec',
      `kill -USR2 "$(cat /run/nginx.pid)"
     until [ -s /run/nginx.pid.oldbin ] && [ -s /run/nginx.pid ]; do sleep 0.1; done
     sleep 1
     kill -QUIT "$(cat /run/nginx.pid.oldbin)"`,
    );
    await until('systemd has the new master', () => !['0', pid].includes(masterPid()));
    await offloads();
    expect(restarts()).toBe(before);
  });

  test('a removed package takes its drop-in along, and nginx goes on', async () => {
    const dropIns = () => systemd.systemctl('show', 'nginx', '--property=DropInPaths', '--value');
    const pid = masterPid();
    expect(dropIns()).toBe('/usr/lib/systemd/system/nginx.service.d/offload.conf');
    systemd.run('apt-get', 'remove', '--yes', 'nginx-offload');
    expect(dropIns()).toBe('');
    expect(masterPid()).toBe(pid);
    await offloads();
  });
});
