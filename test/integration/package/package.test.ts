/** The Debian package: installed, upgraded, removed and purged. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../testkit/clients/until';
import { Debian } from '../../../testkit/machines/debian';
import { buildOlder, builtPackage, type Package } from '../../../testkit/machines/package';
import { ends } from '../../../testkit/servers/nginx';

// the dpkg and nginx of Debian 13 have it in container.test.ts and systemd.test.ts
const releases = [...new Set(ends.map(({ release }) => release))];

/** Made to be edited. */
const CONFFILES = [
  ...['cache/purgers.conf', 'cache/sessions.conf', 'cache/zone.conf'],
  ...['join/zone.conf', 'limits.conf', 'metrics/zone.conf', 'zones.conf'],
];

const [, README_CONF] = /```nginx\n(.*?)```/s.exec(
  readFileSync('README.md', 'utf8'),
) as unknown as [string, string];

/** The folder of make dist. */
const COPIED = join(process.cwd(), 'dist/test/offload');

/** With "keep mine", the default, as the answer to the question of dpkg about an edited file. */
const install = (file: string) => [
  ...['apt-get', 'install', '--yes', '--allow-downgrades'],
  ...['-o', 'Dpkg::Options::=--force-confold', file],
];

let built: Package;
let older: string;

beforeAll(() => {
  built = builtPackage();
  older = buildOlder(built, [
    ...['etc/nginx/offload/limits.conf', 'etc/nginx/offload/cache/zone.conf'],
    'usr/share/nginx-offload/http.conf',
  ]);
});

afterAll(() => {
  built.remove();
});

describe.each(releases)('%s', (release) => {
  let debian: Debian;

  afterAll(() => {
    debian.stop();
  });

  const read = (name: string) => debian.run('cat', `/etc/nginx/offload/${name}`);
  const job = (ms: number) => debian.call(`/parcels/job?length=${ms}&name=label`);
  const RESULT = expect.stringMatching(/"REQUEST_URI": "\/poll\/parcels\/.*} 200$/s);
  const processes = () => {
    const master = debian.run('cat', '/run/nginx.pid');
    return [master, debian.run('cat', `/proc/${master}/task/${master}/children`)];
  };

  test('the nginx.conf of the README offloads for a real uWSGI', async () => {
    debian = Debian.start(release, { folders: [built.folder, COPIED] });
    debian.run(...install(older));
    debian.write('/etc/nginx/nginx.conf', README_CONF);
    debian.run('nginx', '-t');
    debian.run('service', 'nginx', 'start');
    await debian.startApp();
    expect(await job(500)).toEqual(RESULT);
  });

  test('an upgrade keeps files that were edited and replaces all others', () => {
    debian.write('/etc/nginx/offload/limits.conf', 'limit_conn offload_held 7;\n');
    debian.run('sed', '-i', 's/500r/450r/', '/etc/nginx/offload/zones.conf');
    expect([read('http.conf'), read('cache/zone.conf')]).toEqual([
      expect.stringContaining('# of 0.0.1'),
      expect.stringContaining('# of 0.0.1'),
    ]);
    debian.run(...install(built.file));
    expect(read('limits.conf')).toBe('limit_conn offload_held 7;');
    expect(read('zones.conf')).toContain('rate=450r/s');
    for (const name of ['http.conf', 'cache/zone.conf', 'limits.conf.dpkg-dist']) {
      expect(read(name)).not.toContain('# of 0.0.1');
    }
  });

  test('the first installation makes a key that root alone can read, and an upgrade keeps it', () => {
    const keys = () => read('hop/keys.conf');
    const before = keys();
    expect(before).toMatch(/^js_var \$offload_hop_key {7}"[0-9a-f]{64}";$/m);
    expect(debian.run('stat', '-c', '%U %a', '/etc/nginx/offload/hop/keys.conf')).toBe('root 600');
    debian.run(...install(built.file));
    expect(keys()).toBe(before);
  });

  test('only the files that are made to be edited are conffiles, all others are links', () => {
    const list = (type: string) =>
      debian
        .run('find', '/etc/nginx/offload', '-type', type, '-printf', '%P\\n')
        .split('\n')
        .sort();
    expect(list('f')).toEqual([...CONFFILES, 'hop/keys.conf', 'limits.conf.dpkg-dist'].sort());
    expect(debian.run('cat', '/var/lib/dpkg/info/nginx-offload.conffiles').split('\n')).toEqual(
      CONFFILES.map((name) => `/etc/nginx/offload/${name}`),
    );
    expect(list('l')).toEqual(expect.arrayContaining(['http.conf', 'offload.js', 'VERSION']));
    // a link without its file
    expect(debian.run('find', '-L', '/etc/nginx/offload', '-type', 'l')).toBe('');
  });

  test('an upgrade reloads a running nginx, and its held clients are answered', async () => {
    debian.run(...install(older));
    const held = job(8000);
    // connected: state 3
    await until('the client is held', () =>
      / 03 +\d+ .*waiter\.sock$/m.test(debian.run('cat', '/proc/net/unix')),
    );
    const [master, workers] = processes();
    debian.run(...install(built.file));
    await until('nginx has new worker processes', () => processes()[1] !== workers);
    expect(processes()[0]).toBe(master);
    expect(await held).toEqual(RESULT);
  });

  test('the running nginx goes on when the package is removed, and edited files are kept', async () => {
    debian.run('apt-get', 'remove', '--yes', 'nginx-offload');
    expect(await job(500)).toEqual(RESULT);
    expect(() => debian.run('nginx', '-t')).toThrow('"/etc/nginx/offload/http.conf" failed');
    expect(read('limits.conf')).toBe('limit_conn offload_held 7;');
  });

  test('installed again, it has them', () => {
    debian.run(...install(built.file));
    expect(read('limits.conf')).toBe('limit_conn offload_held 7;');
    debian.run('nginx', '-t');
  });

  test('a purge leaves no file', () => {
    debian.run('mkdir', '-p', '/var/cache/nginx-offload', '/var/cache/nginx-offload-waited');
    debian.run('apt-get', 'purge', '--yes', 'nginx-offload');
    const left = debian.run('find', '/etc', '/usr', '/var/cache', '-name', '*offload*');
    expect(left).toBe('');
  });

  test('it replaces a folder that was copied, but for the files that were edited', () => {
    debian.run('cp', '-r', COPIED, '/etc/nginx/');
    debian.write('/etc/nginx/offload/limits.conf', 'limit_conn offload_held 8;\n');
    debian.run(...install(built.file));
    expect(read('limits.conf')).toBe('limit_conn offload_held 8;');
    debian.run('test', '-L', '/etc/nginx/offload/internal/hold.conf');
    debian.run('nginx', '-t');
  });
});
