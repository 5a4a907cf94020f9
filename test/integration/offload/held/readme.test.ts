import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { nginxT } from '../../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

const readme = readFileSync('README.md', 'utf8');
const run = promisify(execFile);

test.each(matrix)(
  `nginx.conf.example, which the README shows, passes nginx -t: ${onRelease}`,
  async ({ release }) => {
    const text = readFileSync('nginx/nginx.conf.example', 'utf8');
    expect(await nginxT(release, text)).toEqual({ passes: true, complaints: [] });
  },
);

test('make dist makes the folder that the README includes, and its tarball', async () => {
  await run('make', ['dist']);
  const version = readFileSync('dist/offload/VERSION', 'utf8').trim();
  const { stdout } = await run('tar', ['-tzf', `dist/nginx-offload-${version}.tar.gz`]);
  const names = [...readme.matchAll(/include offload\/(\w+\.conf);/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(4);
  for (const name of [
    ...names,
    'nginx.conf.example',
    'offload.js',
    'internal/waiter-servers.conf',
  ]) {
    expect(stdout).toContain(`offload/${name}\n`);
    expect(existsSync(`dist/offload/${name}`)).toBe(true);
  }
  expect(readFileSync('dist/offload/offload.js', 'utf8')).toContain(`nginx-offload ${version}`);
});

test('make deb makes the package that the README installs, and none beside it', async () => {
  await run('make', ['deb']);
  const [, prefix = '', suffix = ''] = /apt install \.\/dist\/(\S+)\*(\S+)/.exec(readme) ?? [];
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(
    readdirSync('dist').filter((name) => name.startsWith(prefix) && name.endsWith(suffix)),
  ).toEqual([`nginx-offload_${version}_all.deb`]);
});
