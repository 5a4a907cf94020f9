/** The folder of the sockets in a container: named by the environment, closed or reported, and of one nginx alone. */

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../testkit/clients/until';
import { Images } from '../../../testkit/machines/images';
import { Pod, type PodContainer } from '../../../testkit/machines/pod';
import { FEW_CAPABILITIES, official, unprivileged } from './examples';

const DEFAULT = '/run/nginx-offload';

let images: Images;
let image: string;
let pod: Pod;

beforeAll(() => {
  images = Images.build();
  image = official(images);
}, 120_000);

beforeEach(() => {
  pod = Pod.start();
});

afterEach(() => {
  pod.stop();
});

afterAll(() => {
  images.remove();
});

/** @returns what it has said */
async function endsBefore(nginx: PodContainer): Promise<string> {
  await until('the container has ended', () => !nginx.isRunning());
  return nginx.output();
}

test.each([
  [['OFFLOAD_SOCKET_DIR=/srv/sockets'], '/srv/sockets', '/srv/sockets-cache'],
  [['OFFLOAD_CACHE_DIR=/srv/answers'], DEFAULT, '/srv/answers'],
  [['OFFLOAD_SOCKET_DIR=/srv/a/b/', 'OFFLOAD_CACHE_DIR=/srv/answers'], '/srv/a/b', '/srv/answers'],
])('the environment names the folders: %s', async (env, sockets, cache) => {
  await pod.startApp();
  const nginx = pod.run(...env.flatMap((each) => ['--env', each]), image);
  await pod.offloads(80);
  nginx.kill();
  nginx.startAgain();
  await pod.offloads(80);
  for (const folder of [sockets, cache, `${cache}-waited`, `${cache}-joined`]) {
    expect(`${folder} ${nginx.modeOf(folder)}`).toBe(`${folder} 700 nginx`);
  }
  const folders = nginx.exec(
    'sh',
    '-c',
    'ls -d /run/nginx-offload /var/cache/nginx-offload* || true',
  );
  expect(folders).toBe(sockets === DEFAULT ? DEFAULT : '');
});

test.each([
  ['a relative path', ['OFFLOAD_SOCKET_DIR=sockets'], 'DIR must be an absolute path: "sockets"'],
  ['a folder with files of others', ['OFFLOAD_SOCKET_DIR=/etc'], '"/etc" has other files'],
  ['a cache with files of others', ['OFFLOAD_CACHE_DIR=/var'], '"/var" has other files'],
])('%s is refused before nginx starts', async (_, env, message) => {
  const nginx = pod.run(...env.flatMap((each) => ['--env', each]), image);
  expect(await endsBefore(nginx)).toContain(message);
});

test('without write access to its files, nginx does not start in another folder than is named', async () => {
  const args = ['--read-only', '--tmpfs', '/tmp', '--env', 'OFFLOAD_SOCKET_DIR=/tmp/elsewhere'];
  const said = await endsBefore(pod.run(...args, image));
  expect(said).toContain("can't write to /etc/nginx/offload/");
  expect(said).toContain('so that the folder stays /run/nginx-offload');
});

test('a user that owns the files names the folder by the environment', async () => {
  const own = unprivileged(images, (text) =>
    text.replace('COPY --from', 'COPY --chown=101 --from').replace(/ \\\n && .*socket-dir.*$/m, ''),
  );
  await pod.startApp();
  const nginx = pod.run('--env', 'OFFLOAD_SOCKET_DIR=/tmp/sockets', own);
  await pod.offloads(8080);
  expect(nginx.modeOf('/tmp/sockets')).toBe('700 nginx');
});

test('a folder that can not be made ends the start with what to do', async () => {
  const said = await endsBefore(pod.run('--read-only', '--user', '101', image));
  expect(said).toContain(
    "user 101 can't make /run/nginx-offload: mount a tmpfs or an emptyDir at /run",
  );
});

test('an emptyDir in its place is closed by root, and is reported without', async () => {
  await pod.startApp();
  const root = pod.run('--volume', `${pod.emptyDir()}:${DEFAULT}`, image);
  await pod.offloads(80);
  expect(root.modeOf(DEFAULT)).toBe('700 nginx');
  expect(root.output()).not.toContain('other users');

  const folder = '/tmp/nginx-offload';
  const user = pod.run('--volume', `${pod.emptyDir()}:${folder}`, unprivileged(images));
  await pod.offloads(8080);
  const report = `other users can reach the sockets: ${folder} has mode 777`;
  expect(user.output()).toContain(
    `${report}, and user 101 is not its owner. Mount the volume at /tmp`,
  );
  await until('nginx reports it too', () => user.output().includes(`offload: ${report}`));
  expect(user.reaches(folder)).toBe(true);
});

test('a second nginx in the folder of a first does not start, and the first goes on', async () => {
  await pod.startApp();
  const args = [...FEW_CAPABILITIES, '--volume', `${pod.emptyDir()}:/run`, image];
  const first = pod.run(...args);
  await pod.offloads(80);
  const second = pod.run(...args);
  const said = await endsBefore(second);
  expect(said).toContain('another nginx listens on /run/nginx-offload/waiter.sock');
  expect(said).toContain('(98: Address already in use)');
  await pod.offloads(80);
  first.kill();
  second.startAgain();
  await pod.offloads(80);
});

test('the step beside an nginx that runs, as of nginx -t in its container, changes nothing', async () => {
  await pod.startApp();
  const nginx = pod.run(...FEW_CAPABILITIES, image);
  await pod.offloads(80);
  const before = nginx.modeOf(DEFAULT);
  nginx.exec('/docker-entrypoint.sh', 'nginx', '-t');
  expect(nginx.modeOf(DEFAULT)).toBe(before);
  await pod.offloads(80);
});

test.each([
  ['perl alone', 'rm /usr/bin/curl', true],
  ['curl alone', 'rm /usr/bin/perl', true],
  ['a perl that fails', 'export PERL5OPT=-Mnone', true],
  ['a curl that fails', 'rm /usr/bin/perl; printf "#!/bin/sh\nexit 1\n" >/usr/bin/curl', true],
  ['neither', 'rm /usr/bin/perl /usr/bin/curl', false],
])('with %s, the socket of an nginx that runs is left there: %s, %s', async (_, tools, isLeft) => {
  const nginx = pod.run(image);
  await pod.listens(80);
  const step = '/etc/nginx/offload/service/sockets.sh';
  nginx.exec('sh', '-c', `${tools}; ${step}`);
  expect(nginx.exec('sh', '-c', `ls ${DEFAULT}/*.sock || true`)).toBe(
    isLeft ? `${DEFAULT}/waiter.sock` : '',
  );
});

test('what is no socket is named, and ends the start', async () => {
  const volume = pod.emptyDir();
  symlinkSync('/nowhere', join(volume, 'waiter.sock'));
  const said = await endsBefore(pod.run('--volume', `${volume}:${DEFAULT}`, image));
  expect(said).toContain(`${DEFAULT}/waiter.sock is no socket: remove it`);
});

test("the scripts do the same with Alpine's tools", () => {
  const script = [
    'mkdir /applets; busybox --install -s /applets; ln -sf /applets/sh /bin/sh; export PATH=/applets',
    'cd /etc/nginx/offload/service; sh ./container.sh',
    'cp -r /etc/nginx/offload /before; cp -r /etc/nginx/offload /gnu',
    'OFFLOAD_SOCKET_DIR=/tmp/a OFFLOAD_CACHE_DIR=/tmp/b sh ./container.sh',
    'ln -sf /usr/bin/dash /bin/sh; PATH=/usr/bin:/bin; /gnu/service/socket-dir.sh /tmp/a /tmp/b',
    'diff -r /gnu /etc/nginx/offload && ! diff -r /before /gnu >/dev/null && echo the same; stat -c %a /tmp/a',
  ];
  const args = ['--entrypoint', 'sh', image, '-c', script.join('\n')];
  const container = pod.run(...args);
  return endsBefore(container).then((said) => expect(said).toBe('the same\n700\n'));
});
