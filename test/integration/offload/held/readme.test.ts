import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { call } from '../../../../testkit/clients/client';
import { nginxT } from '../../../../testkit/nginx-t/nginx-t';
import { freePort, matrix, onRelease } from '../../../../testkit/servers/nginx';

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

test('make demo answers all offloaded calls and leaves nginx up until make down', async () => {
  const port = await freePort();
  try {
    const { stdout } = await run('make', ['demo', `DEMO_PORT=${port}`]);
    expect(stdout).toMatch(/answered +200 of 200 +200 of 200 +\d of 200\n/);
    expect(stdout).toMatch(/errors +0 +0 +19\d\n/);
    expect(stdout).toContain(`curl -i 'http://127.0.0.1:${port}/job?length=3000'`);
    expect(stdout).toContain(`Status page: http://127.0.0.1:${port}/offload/status\n`);
    expect((await call(port, '/offload/status')).status).toBe(200);
    const metrics = (await call(port, '/offload/metrics')).body;
    expect(metrics).toContain('offload_held_requests_total{route="job",outcome="result"} 400\n');
    const answer = await call(port, '/job?length=300');
    expect(answer.body).toMatch(/^result of [\w-]+\n$/);
  } finally {
    const { stdout } = await run('make', ['down']);
    expect(stdout).toContain('The demo is down.');
  }
  await expect(call(port, '/fast')).rejects.toThrow('ECONNREFUSED');
});
