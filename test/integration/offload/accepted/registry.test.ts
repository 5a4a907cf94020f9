/** Not site-wide: a registry answers 202 with a Location to each piece of an upload, and is left alone beside marked paths. */

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { Container } from '../../../../testkit/machines/container';
import { answers, freePort } from '../../../../testkit/machines/ports';
import { onRelease, stable } from '../../../../testkit/servers/nginx';
import { Operations } from './operations';

const IMAGE = 'nginx:trixie+docker-registry';
const docker = (...args: string[]) => promisify(execFile)('docker', args);

describe.each(stable)(onRelease, (release) => {
  let registry: Container;
  let api: Operations;
  let folder: string;

  beforeAll(async () => {
    execFileSync('build/setup/image.sh', [IMAGE], { stdio: 'ignore' });
    const port = await freePort();
    registry = await Container.start({
      image: `offload-${IMAGE.replaceAll('+', '_')}`,
      files: {
        '/registry.yml': [
          'version: 0.1',
          'storage: { filesystem: { rootdirectory: /var/lib/registry } }',
          `http: { addr: "127.0.0.1:${port}" }`,
        ].join('\n'),
      },
      entrypoint: ['docker-registry', 'serve', '/registry.yml'],
    });
    await until('the registry listens', () => answers(port));
    api = await Operations.start(release, () => ({
      server: `
        client_max_body_size 0;
        location /v2/ { proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:${port}; }
        location /reports/ { include offload/accepted.conf; }`,
      waiter: 'location /reports/ { proxy_pass http://app; include offload/operation.conf; }',
    }));
    folder = mkdtempSync(join(tmpdir(), 'offload-registry-'));
  }, 300_000);

  afterAll(async () => {
    await api?.stop();
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('docker push and pull work, as do the operations of a marked path', async () => {
    const image = `127.0.0.1:${api.nginx.port}/tried:${api.nginx.port}`;
    writeFileSync(join(folder, 'file'), Buffer.alloc(3_000_000, `${api.nginx.port}`));
    execFileSync('tar', ['-C', folder, '-cf', join(folder, 'image.tar'), 'file']);
    await docker('import', join(folder, 'image.tar'), image);
    try {
      await docker('push', image);
      await docker('rmi', image);
      await docker('pull', image);
    } finally {
      await docker('rmi', image).catch(() => undefined);
    }
    const uploads = api.nginx.accessLog().filter((line) => /^202 (POST|PATCH) \/v2\//.test(line));
    expect(uploads.length).toBeGreaterThan(1);
    api.script('/reports/new', { status: 202, headers: { Location: '/reports/op' } });
    api.script('/reports/op', { status: 202 }, { body: 'the report' });
    expect(await call(api.nginx.port, '/reports/new')).toMatchObject({ body: 'the report' });
  }, 120_000);
});
