/**
 * Containers of each kind, as docs/containers.md has them: they start, offload, keep their sockets to themselves, and
 * start again after they were killed.
 */

import { Images } from '../../../testkit/machines/images';
import { Pod, type PodContainer } from '../../../testkit/machines/pod';
import { FEW_CAPABILITIES, official, READ_ONLY, unprivileged } from './examples';

let images: Images;
let image: { official: string; unprivileged: string };
let pod: Pod;

beforeAll(() => {
  images = Images.build();
  image = { official: official(images), unprivileged: unprivileged(images) };
}, 120_000);

beforeEach(async () => {
  pod = Pod.start();
  await pod.startApp();
});

afterEach(() => {
  pod.stop();
});

afterAll(() => {
  images.remove();
});

/** Whether nginx offloads, and does so again after a kill. */
async function outlivesKill(nginx: PodContainer, port: number): Promise<void> {
  await pod.offloads(port);
  nginx.kill();
  nginx.startAgain();
  await pod.offloads(port);
}

test.each([
  ["root with Docker's capabilities", [], '700 nginx'],
  ['root with few capabilities', FEW_CAPABILITIES, '770 nginx'],
  [
    'root with few capabilities and a tmpfs',
    [...FEW_CAPABILITIES, '--tmpfs', '/run/nginx-offload'],
    '770 nginx',
  ],
])('%s starts and offloads, also after a kill', async (_, args, mode) => {
  const nginx = pod.run(...args, image.official);
  await outlivesKill(nginx, 80);
  expect(nginx.modeOf('/run/nginx-offload')).toBe(mode);
  expect(nginx.reaches('/run/nginx-offload')).toBe(false);
  expect(nginx.output()).not.toContain('other users');
});

const FOLDER = '/tmp/nginx-offload';

test('uid 101 with a read-only root starts and offloads, also after a kill', async () => {
  expect(READ_ONLY).toContain('--read-only');
  const nginx = pod.run(...READ_ONLY, image.unprivileged);
  await outlivesKill(nginx, 8080);
  expect(nginx.modeOf(FOLDER)).toBe('700 nginx');
  expect(nginx.reaches(FOLDER)).toBe(false);
  expect(nginx.output()).not.toContain('other users');
});

test('on an emptyDir of two containers it does so too, and the other one reaches no socket', async () => {
  const shared = pod.emptyDir();
  const args = READ_ONLY.join(' ').replace('--tmpfs /tmp', `--volume ${shared}:/tmp`).split(' ');
  const nginx = pod.run(...args, image.unprivileged);
  const sleep = ['--entrypoint', 'sleep', image.official, 'infinity'];
  const other = pod.run('--volume', `${shared}:/shared`, ...sleep);
  await outlivesKill(nginx, 8080);
  expect(nginx.modeOf(FOLDER)).toBe('700 nginx');
  expect(other.reaches('/shared/nginx-offload')).toBe(false);
  expect(nginx.output()).not.toContain('other users');
});
