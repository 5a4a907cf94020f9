/** service/socket-dir.sh: which paths it changes in the files of /etc/nginx/offload, and what it refuses. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const work = mkdtempSync(join(tmpdir(), 'offload socket dir-'));
const built = join(work, 'built');
const offload = join(work, 'offload');

beforeAll(() => {
  execFileSync(process.execPath, [
    ...['--import', 'tsx', 'build/dist.ts', '--no-tarball', '--out', built],
  ]);
});

beforeEach(() => {
  cpSync(built, offload, { recursive: true });
});

afterEach(() => {
  rmSync(offload, { recursive: true });
});

afterAll(() => {
  rmSync(work, { recursive: true });
});

const socketDir = (...args: string[]) =>
  spawnSync(join(offload, 'service/socket-dir.sh'), args, { encoding: 'utf8' });

const change = (...args: string[]) => {
  expect(socketDir(...args)).toMatchObject({ status: 0, stdout: '', stderr: '' });
};

const texts = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

const DEFAULT = '/run/nginx-offload';
const CACHE = '/var/cache/nginx-offload';

/** What the files have in place of the defaults. */
const expected = (dir: string, cache: string) =>
  Object.fromEntries(
    Object.entries(texts(built)).map(([name, text]) => [
      name,
      name.endsWith('.sh') ? text : text.replaceAll(DEFAULT, dir).replaceAll(CACHE, cache),
    ]),
  );

test('without arguments it prints the folder', () => {
  expect(socketDir().stdout).toBe(`${DEFAULT}\n`);
  change('/srv/sockets');
  expect(socketDir().stdout).toBe('/srv/sockets\n');
});

test.each([
  [['/srv/sockets'], '/srv/sockets', '/srv/sockets-cache'],
  [['/srv/sockets/'], '/srv/sockets', '/srv/sockets-cache'],
  [['/srv/a.b_c-d', '/srv/cache'], '/srv/a.b_c-d', '/srv/cache'],
  [[DEFAULT, '/srv/cache/'], DEFAULT, '/srv/cache'],
  [['/poll', '/poll-cache'], '/poll', '/poll-cache'],
])('%s: each path is changed, and nothing else', (args, dir, cache) => {
  change(...args);
  expect(texts(offload)).toEqual(expected(dir, cache));
});

test('a second change follows the first, also where one path begins as the other, and one back restores all', () => {
  for (const args of [
    ['/a'],
    ['/a/b', '/c'],
    ['/a-cache', '/b'],
    ['/poll', '/offload'],
    ['/srv/x.y'],
    ['/srv/xzy', '/srv/x.y'],
    [DEFAULT, CACHE],
  ]) {
    change(...args);
  }
  expect(texts(offload)).toEqual(texts(built));
});

test('a cache that was moved by hand is moved with its two others', () => {
  const file = join(offload, 'cache/zone.conf');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(/\/var\/cache\/nginx-offload(?=[ ;])/g, '/data/answers'),
  );
  change('/srv/sockets', '/srv/cache');
  expect(texts(offload)).toEqual(expected('/srv/sockets', '/srv/cache'));
});

test.each([
  [
    'indented, with tabs',
    (text: string) => text.replace(/^proxy_cache_path /gm, '\tproxy_cache_path\t'),
  ],
  [
    'of one zone alone',
    (text: string) => text.replace(/^proxy_cache_path [^;]*waited[^;]*;$/m, ''),
  ],
])('a zone.conf that is %s is changed', (_, edit) => {
  const file = join(offload, 'cache/zone.conf');
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
  change('/srv/sockets', '/srv/cache');
  expect(readFileSync(file, 'utf8')).toBe(
    edit(expected('/srv/sockets', '/srv/cache')['cache/zone.conf'] as string),
  );
});

test.each([
  ['on two lines', (text: string) => text.replace(' levels=1:2', '\n    levels=1:2')],
  ['in quotes', (text: string) => text.replace(/(\/var\/cache\/nginx-offload)(?= )/, '"$1"')],
])('a path in zone.conf that is %s is refused, and no file is changed', (_, edit) => {
  const file = join(offload, 'cache/zone.conf');
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
  const before = texts(offload);
  const { status, stderr } = socketDir('/srv/sockets');
  expect(status).toBe(1);
  expect(stderr).toContain(
    'cache/zone.conf: write proxy_cache_path, a path without quotes, and keys_zone= in one line',
  );
  expect(texts(offload)).toEqual(before);
});

test('what a change that was cut off has left is changed by the next one', () => {
  const before = readFileSync(join(offload, 'waiter.conf'));
  change('/srv/sockets', '/srv/cache');
  // the last file
  writeFileSync(join(offload, 'waiter.conf'), before);
  cpSync(join(built, 'redis'), join(offload, 'redis'), { recursive: true });
  change('/srv/sockets', '/srv/cache');
  expect(texts(offload)).toEqual(expected('/srv/sockets', '/srv/cache'));
});

test('a file whose name has a space, and CDPATH, do no harm', () => {
  writeFileSync(join(offload, 'limits copy.conf'), 'listen unix:/run/nginx-offload/own.sock;\n');
  const env = { ...process.env, CDPATH: '.' };
  const args = [join('service', 'socket-dir.sh'), '/srv/sockets'];
  expect(spawnSync('sh', args, { cwd: offload, env, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(readFileSync(join(offload, 'limits copy.conf'), 'utf8')).toContain(
    'unix:/srv/sockets/own.sock',
  );
});

test('links, as in the Debian package, stay links', () => {
  const [link, file] = [join(offload, 'waiter.conf'), join(work, 'waiter.conf')];
  renameSync(link, file);
  symlinkSync(file, link);
  change('/srv/sockets');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(expected('/srv/sockets', '/')['waiter.conf']);
});

test.each([
  [['sockets'], 'DIR must be an absolute path: "sockets"'],
  [['/'], 'DIR must be an absolute path: ""'],
  [['-srv'], 'DIR must be an absolute path: "-srv"'],
  [['/run'], '"/run" is for all, "/run/nginx-offload" would do'],
  [['/tmp'], '"/tmp" is for all'],
  [['/srv/a', '/srv/a'], '"/srv/a" is in "/srv/a"'],
  [['/srv/a', '/srv/a/cache'], '"/srv/a/cache" is in "/srv/a"'],
  [['/srv/a/sockets', '/srv/a'], '"/srv/a/sockets" is in "/srv/a"'],
  [['/srv/a-waited', '/srv/a'], '"/srv/a-waited" is in "/srv/a-waited"'],
  [['/srv/../etc'], 'DIR must be a path of letters, digits'],
  [['/srv//x'], 'DIR must be a path of letters, digits'],
  [['/srv/a b'], 'DIR must be a path of letters, digits'],
  [['/srv/a;b'], 'DIR must be a path of letters, digits'],
  [['/srv/a#b'], 'DIR must be a path of letters, digits'],
  [['/srv/a\nb'], 'DIR must be a path of letters, digits'],
  [['/srv/$x'], 'DIR must be a path of letters, digits'],
  [[`/${'a'.repeat(90)}`], 'DIR must be a path of at most 90 characters'],
  [['/etc'], '"/etc" has other files'],
  [['/srv/sockets', 'cache'], 'CACHE must be an absolute path: "cache"'],
  [['/srv/sockets', '/etc'], '"/etc" has other files'],
])('%s is refused, and no file is changed', (args, message) => {
  const { status, stdout, stderr } = socketDir(...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(texts(offload)).toEqual(texts(built));
});

test('folders that nginx-offload has used before are accepted', () => {
  const used = mkdtempSync(join(tmpdir(), 'offload-used-'));
  for (const name of ['dir/schedule', 'dir/purged', 'dir/0000000001', 'cache/a', 'cache/0']) {
    mkdirSync(join(used, name), { recursive: true });
  }
  writeFileSync(join(used, 'dir/waiter.sock'), '');
  change(join(used, 'dir'), join(used, 'cache'));
  rmSync(used, { recursive: true });
});

test('in a clone, which has other files, it says where to run it', () => {
  const { status, stderr } = spawnSync('service/socket-dir.sh', { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    / is not what make dist builds: run this in \/etc\/nginx\/offload\/service\n$/,
  );
});

test('--help says what it does', () => {
  expect(socketDir('--help').stdout).toMatch(
    /^For an nginx that .*socket-dir\.sh DIR \[CACHE\].*upgrade\.\n/s,
  );
});
