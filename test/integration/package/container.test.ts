/**
 * The package in a container without systemd: with an entrypoint that runs the steps in
 * /docker-entrypoint.d, as that of nginx's official image does, and without one.
 */

import { readFileSync } from 'node:fs';
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
