/** What is in the image of `make image`, and in its files for docker load. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Images, shown, version } from '../../../testkit/machines/images';

const DIST = 'dist/test/offload';

let images: Images;

beforeAll(() => {
  images = Images.build();
});

afterAll(() => {
  images.remove();
});

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/** Lines of `tar --list --verbose` for the only layer. */
function filesOf(image: string): string[] {
  const saved = join(mkdtempSync(join(tmpdir(), 'offload-saved-')), 'image.tar');
  docker('save', '--output', saved, image);
  const [{ Layers: layers }] = JSON.parse(
    execFileSync('tar', ['-xOf', saved, 'manifest.json'], { encoding: 'utf8' }),
  );
  expect(layers).toHaveLength(1);
  const script = `tar -xOf ${saved} ${layers[0]} | zcat --force | tar -tv --numeric-owner`;
  const lines = execFileSync('sh', ['-ec', script], { encoding: 'utf8' }).trim().split('\n');
  rmSync(dirname(saved), { recursive: true });
  return lines;
}

test('it has the files of make dist in /etc/nginx/offload, the licence with them, and nothing else', () => {
  const built = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    // of this machine: a secret
    .filter((name) => name !== 'hop/keys.conf')
    .map((name) => `etc/nginx/offload/${name}`);
  const has = filesOf(images.name);
  const names = has.map((line) => (line.split(/\s+/)[5] as string).replace(/\/$/, ''));
  expect(names.sort()).toEqual(['etc', 'etc/nginx', 'etc/nginx/offload', ...built].sort());
  expect(names).toContain('etc/nginx/offload/LICENSE');
  // root's own, for all to read; scripts can be run
  expect(has.filter((line) => !/^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) 0\/0 /.test(line))).toEqual([]);
  expect(has.filter((line) => /\.sh$/.test(line) && !line.startsWith('-rwx'))).toEqual([]);
});

test('it is under 200 KB', () => {
  const size = execFileSync('sh', ['-c', `docker save ${images.name} | gzip | wc -c`]);
  expect(Number(size)).toBeLessThan(200_000);
});

test('its files for docker load are each of their processor', () => {
  const out = mkdtempSync(join(tmpdir(), 'offload-images-'));
  execFileSync('build/package/image.sh', ['amd64', 'arm64'], {
    env: { ...process.env, OFFLOAD_IMAGE: images.name, OUT: out },
  });
  for (const processor of ['amd64', 'arm64']) {
    const file = join(out, `nginx-offload-${version()}-image-${processor}.tar.gz`);
    expect(statSync(file).size).toBeLessThan(200_000);
    images.removeBase();
    docker('load', '--input', file);
    const of = docker('image', 'inspect', '--format', '{{.Architecture}}', images.name);
    expect(of).toBe(processor);
    images.with(shown('Dockerfile')[0] as string, { 'nginx.conf': 'events {}\n' });
  }
  rmSync(out, { recursive: true });
});

test('it is read by any user, whatever the mask of the one who builds it', () => {
  const script = 'umask 077; build/package/image.sh';
  execFileSync('sh', ['-ec', script], { env: { ...process.env, OFFLOAD_IMAGE: images.name } });
  expect(filesOf(images.name).filter((line) => !/^.{4}r.{2}r/.test(line))).toEqual([]);
});

test('the release has these files', () => {
  const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
  expect(workflow).toContain('run: build/package/image.sh amd64 arm64\n');
  expect(workflow.match(/nginx-offload-\*\.tar\.gz/g)).toHaveLength(2);
});
