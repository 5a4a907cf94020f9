/** service/farm.sh, in a temporary folder. */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-farm-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const farm = (args: string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync('service/farm.sh', args, {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      SERVERS: join(folder, 'nginx/farm-servers.conf'),
      VASSALS: join(folder, 'app/vassals'),
      TEMPLATE: join(folder, 'app/vassal.ini'),
      SOCKETS: join(folder, 'run'),
      ...env,
    },
  });
  return { status, stdout, stderr };
};
const links = () => readdirSync(join(folder, 'app/vassals')).sort();
const servers = () =>
  [
    ...readFileSync(join(folder, 'nginx/farm-servers.conf'), 'utf8').matchAll(/^server (\S+)/gm),
  ].map(([, address]) => address);

test('writes the list for nginx and a link for each backend', () => {
  const { status, stdout } = farm(['3']);
  expect(status).toBe(0);
  expect(servers()).toEqual([1, 2, 3].map((number) => `unix:${folder}/run/${number}.sock`));
  expect(links()).toEqual(['1.ini', '2.ini', '3.ini']);
  expect(readlinkSync(join(folder, 'app/vassals/2.ini'))).toBe(join(folder, 'app/vassal.ini'));
  expect(existsSync(join(folder, 'app/vassal.ini'))).toBe(true);
  expect(stdout).toMatch(/systemctl enable --now .*\n.*nginx -t && nginx -s reload\n/s);
  expect(statSync(join(folder, 'nginx/farm-servers.conf')).mode & 0o777).toBe(0o644);
});

test('reads the number from PROCESSES', () => {
  farm([], { PROCESSES: '2' });
  expect(servers()).toHaveLength(2);
});

test('changes nothing if the number is the same', () => {
  farm(['2']);
  const list = statSync(join(folder, 'nginx/farm-servers.conf'));
  expect(farm(['2']).stdout).toBe('No change: 2 backends.\n');
  expect(statSync(join(folder, 'nginx/farm-servers.conf'))).toMatchObject({
    ino: list.ino,
    mtimeMs: list.mtimeMs,
  });
});

test('a smaller number removes backends, and keeps files that farm.sh did not create', () => {
  farm(['11']);
  writeFileSync(join(folder, 'app/vassal.ini'), 'mine');
  writeFileSync(join(folder, 'app/vassals/cron.ini'), '');
  writeFileSync(join(folder, 'app/vassals/99.ini'), 'a file, not a link');
  const { stdout } = farm(['2']);
  expect(links()).toEqual(['1.ini', '2.ini', '99.ini', 'cron.ini']);
  expect(servers()).toHaveLength(2);
  expect(readFileSync(join(folder, 'app/vassal.ini'), 'utf8')).toBe('mine');
  // nginx must drop the backends before they are stopped
  expect(stdout).toMatch(/nginx -s reload\n +systemctl disable --now app@3 .*app@11 /);
  expect(readdirSync(join(folder, 'nginx'))).toEqual(['farm-servers.conf']);
});

test.each([
  [[], 'no number given; see farm.sh --help'],
  [['0'], '0: not a number from 1 to 9999'],
  [['-1'], '-1: not a number from 1 to 9999'],
  [['8x'], '8x: not a number from 1 to 9999'],
  [['100000'], '100000: not a number from 1 to 9999'],
  [['2', '3'], 'expected one number, not: 2 3'],
  [['reload'], 'no backends in '],
])('the arguments %j are an error, and no file is created', (args, message) => {
  const { status, stderr } = farm(args);
  expect(status).toBe(1);
  expect(stderr).toContain(`farm.sh: ${message}`);
  expect(readdirSync(folder)).toEqual([]);
});

test('a file in place of a link is an error, and nothing is changed', () => {
  farm(['1']);
  writeFileSync(join(folder, 'app/vassals/2.ini'), 'mine');
  const { status, stderr } = farm(['2']);
  expect(status).toBe(1);
  expect(stderr).toContain('2.ini exists and is not a link');
  expect(servers()).toHaveLength(1);
});

test('a path that is not a folder is an error that names it', () => {
  writeFileSync(join(folder, 'nginx'), '');
  expect(farm(['1'])).toMatchObject({
    status: 1,
    stderr: `farm.sh: can't write to ${folder}/nginx\n`,
  });
});

test('--help lists the settings', () => {
  const { status, stdout } = farm(['--help']);
  expect(status).toBe(0);
  for (const name of ['SERVERS', 'VASSALS', 'TEMPLATE', 'SOCKETS', 'PAUSE', 'PROCESSES']) {
    expect(stdout).toContain(name);
  }
});
