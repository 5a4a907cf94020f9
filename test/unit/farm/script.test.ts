/** service/farm.sh, in a folder of its own. */

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

test('one number makes the list of nginx and a link for each backend', () => {
  const { status, stdout } = farm(['3']);
  expect(status).toBe(0);
  expect(servers()).toEqual([1, 2, 3].map((number) => `unix:${folder}/run/${number}.sock`));
  expect(links()).toEqual(['1.ini', '2.ini', '3.ini']);
  expect(readlinkSync(join(folder, 'app/vassals/2.ini'))).toBe(join(folder, 'app/vassal.ini'));
  expect(existsSync(join(folder, 'app/vassal.ini'))).toBe(true);
  expect(stdout).toMatch(/systemctl enable --now .*\n.*nginx -t && nginx -s reload\n/s);
  expect(statSync(join(folder, 'nginx/farm-servers.conf')).mode & 0o777).toBe(0o644);
});

test('the number may be PROCESSES', () => {
  farm([], { PROCESSES: '2' });
  expect(servers()).toHaveLength(2);
});

test('the same number again changes nothing', () => {
  farm(['2']);
  const list = statSync(join(folder, 'nginx/farm-servers.conf'));
  expect(farm(['2']).stdout).toBe('There are 2 already.\n');
  expect(statSync(join(folder, 'nginx/farm-servers.conf'))).toMatchObject({
    ino: list.ino,
    mtimeMs: list.mtimeMs,
  });
});

test('a smaller number takes away what is too much, and leaves what is not its own', () => {
  farm(['11']);
  writeFileSync(join(folder, 'app/vassal.ini'), 'mine');
  writeFileSync(join(folder, 'app/vassals/cron.ini'), '');
  writeFileSync(join(folder, 'app/vassals/99.ini'), 'a file, and no link');
  const { stdout } = farm(['2']);
  expect(links()).toEqual(['1.ini', '2.ini', '99.ini', 'cron.ini']);
  expect(servers()).toHaveLength(2);
  expect(readFileSync(join(folder, 'app/vassal.ini'), 'utf8')).toBe('mine');
  // nginx asks them no more before they end
  expect(stdout).toMatch(/nginx -s reload\n +systemctl disable --now app@3 .*app@11 /);
  expect(readdirSync(join(folder, 'nginx'))).toEqual(['farm-servers.conf']);
});

test.each([
  [[], 'how many? See farm.sh --help'],
  [['0'], '0: not a number from 1 to 9999'],
  [['-1'], '-1: not a number from 1 to 9999'],
  [['8x'], '8x: not a number from 1 to 9999'],
  [['100000'], '100000: not a number from 1 to 9999'],
  [['2', '3'], 'one number is needed, not: 2 3'],
  [['reload'], 'no backend is in '],
])('what it is told is said to be wrong, and nothing is made: %j', (args, message) => {
  const { status, stderr } = farm(args);
  expect(status).toBe(1);
  expect(stderr).toContain(`farm.sh: ${message}`);
  expect(readdirSync(folder)).toEqual([]);
});

test('a file of the user that is in the way stays, and nothing changes', () => {
  farm(['1']);
  writeFileSync(join(folder, 'app/vassals/2.ini'), 'mine');
  const { status, stderr } = farm(['2']);
  expect(status).toBe(1);
  expect(stderr).toContain('2.ini is a file of yours: it is in the way');
  expect(servers()).toHaveLength(1);
});

test('a folder that is none is named', () => {
  writeFileSync(join(folder, 'nginx'), '');
  expect(farm(['1'])).toMatchObject({
    status: 1,
    stderr: `farm.sh: can't write to ${folder}/nginx\n`,
  });
});

test('--help says what there is to set', () => {
  const { status, stdout } = farm(['--help']);
  expect(status).toBe(0);
  for (const name of ['SERVERS', 'VASSALS', 'TEMPLATE', 'SOCKETS', 'PAUSE', 'PROCESSES']) {
    expect(stdout).toContain(name);
  }
});
