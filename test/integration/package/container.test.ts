/**
 * The package in a container without systemd: with an entrypoint that runs the steps in
 * /docker-entrypoint.d, as that of nginx's official image does, and without one.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../testkit/clients/until';
import { Debian } from '../../../testkit/machines/debian';
import { builtPackage, type Package } from '../../../testkit/machines/package';

const WAIT = 'until [ -e /ready ]; do sleep 0.1; done';
const STEPS = `find /docker-entrypoint.d/ -follow -type f -name '*.sh' | sort -V | while read -r step; do
  "$step"
done`;
const NGINX = "exec nginx -g 'daemon off;'";

let built: Package;
let debian: Debian;

beforeAll(() => {
  built = builtPackage();
});

afterEach(() => {
  debian.stop();
});

afterAll(() => {
  built.remove();
});

const listens = () => debian.listens(80);

/** Starts nginx with the package and the nginx.conf of the README. */
async function start(script: string[], tmpfs?: string): Promise<void> {
  debian = Debian.start('trixie', {
    folders: [built.folder],
    command: ['sh', '-ec', script.join('\n')],
    ...(tmpfs === undefined ? {} : { tmpfs }),
  });
  debian.run('mkdir', '/docker-entrypoint.d');
  debian.run('apt-get', 'install', '--yes', built.file);
  const conf = readFileSync('nginx/nginx.conf.example', 'utf8');
  debian.write('/etc/nginx/nginx.conf', conf);
  debian.run('touch', '/ready');
  await until('nginx listens', listens);
}

const killAndStart = () => {
  debian.kill();
  debian.startAgain();
};

test.each([
  ['the step in /docker-entrypoint.d', [WAIT, STEPS, NGINX], undefined],
  ['a tmpfs at /run', [WAIT, NGINX], '/run'],
])('with %s, nginx starts again after it was killed, and offloads', async (_, script, tmpfs) => {
  await start(script, tmpfs);
  killAndStart();
  await until('nginx listens', listens);
  await debian.startApp();
  expect(await debian.call('/parcels/job?length=300&name=label')).toMatch(/ 200$/);
  // no other user has access to the sockets
  expect(debian.run('stat', '-c', '%a', '/run/nginx-offload')).toBe('700');
});

/** Starts nginx with the folder of make dist, by a command in front of it as the head of container.sh says. */
async function startByStep(options: { tmpfs?: string; capabilities?: string[] }): Promise<void> {
  const conf = readFileSync('nginx/nginx.conf.example', 'utf8');
  // Debian's files of logs are its nginx's alone
  const own = `user www-data; error_log stderr;\n${conf.replace('http {', 'http { access_log off;')}`;
  writeFileSync(join(built.folder, 'nginx.conf'), own);
  debian = Debian.start('trixie', {
    folders: [],
    mounts: {
      '/etc/nginx/offload': join(process.cwd(), 'dist/test/offload'),
      '/etc/nginx/nginx.conf': join(built.folder, 'nginx.conf'),
    },
    command: ['/etc/nginx/offload/service/container.sh', 'nginx', '-g', 'daemon off;'],
    ...options,
  });
  await until('nginx listens', listens);
}

/** Whether another user of the container reaches the waiter. */
const isOpen = () =>
  debian.runAs(
    'nobody',
    ...['perl', '-MIO::Socket::UNIX', '-e'],
    'print IO::Socket::UNIX->new(Peer => "/run/nginx-offload/waiter.sock") ? "open" : "closed"',
  );

/** As docs/operations.md has them. */
const FEW = [...readFileSync('docs/operations.md', 'utf8').matchAll(/--cap-add (\w+)/g)].map(
  ([, name = '']) => name,
);

test.each([
  ['all capabilities', {}, '700'],
  ['all capabilities and a tmpfs for the sockets', { tmpfs: '/run/nginx-offload' }, '700'],
  ['few capabilities', { capabilities: FEW }, '770'],
  [
    'few capabilities and a tmpfs for the sockets',
    { capabilities: FEW, tmpfs: '/run/nginx-offload' },
    '770',
  ],
])(
  'with %s, the step closes the sockets to other users, and nginx offloads, also after a kill',
  async (_, options, mode) => {
    await startByStep(options);
    killAndStart();
    await until('nginx listens', listens);
    await debian.startApp();
    expect(await debian.call('/parcels/job?length=300&name=label')).toMatch(/ 200$/);
    expect(debian.run('stat', '-c', '%a %U %G', '/run/nginx-offload')).toBe(
      `${mode} www-data root`,
    );
    expect(isOpen()).toBe('closed');
  },
);

test('with neither it does not', async () => {
  await start([WAIT, NGINX]);
  killAndStart();
  await until('the container has ended', () => !debian.isRunning());
});

test('a removed package leaves no step', async () => {
  await start([WAIT, NGINX]);
  expect(debian.run('ls', '/docker-entrypoint.d')).toBe('10-offload.sh');
  debian.run('apt-get', 'remove', '--yes', 'nginx-offload');
  expect(debian.run('ls', '/docker-entrypoint.d')).toBe('');
});
