/** Results that fit into no memory. OFFLOAD_LONG=1: 1 GB in each case. */

import { call } from '../../harness/client';
import { growthDuring, spooled } from '../../harness/memory';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { readPattern } from '../../harness/read-pattern';
import { until } from '../../harness/until';
import { BulkApp } from '../../upstream/bulk';
import { MIB } from '../../upstream/pattern';

const isLong = process.env.OFFLOAD_LONG === '1';
const sizeOf = (mib: number) => (isLong || mib === 1024 ? '1 GB' : `${mib} MB`);
const bytesOf = (mib: number) => (isLong ? 1024 : mib) * MIB;

/** No reader is that slow, and a machine may be. */
const PATIENCE = 110_000;

describe.each(matrix)(onRelease, (release) => {
  const app = new BulkApp();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, { appPort: app.port });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  // QuickJS does what njs's own engine does: it is nginx that streams
  const most = release.engine === 'njs' ? 1024 : 300;

  test(
    `a result of ${sizeOf(most)} streams, in less than 10 MB of nginx's memory`,
    async () => {
      const begun = app.begun;
      const size = bytesOf(most);
      let length = 0;
      const growth = await growthDuring(nginx, async () => {
        length = await readPattern(nginx.port, `/huge?size=${size}`);
      });
      expect(length).toBe(size);
      expect(growth).toBeLessThan(10 * MIB);
      // by the poll that finds it too large, by one for its headers, and to stream it
      expect(app.begun - begun).toBe(3);
    },
    PATIENCE,
  );

  test.each([
    ['directly', '/direct'],
    ['offloaded', '/huge'],
  ])(
    `a client that reads ${sizeOf(300)} slowly keeps no worker of the app, and the result is on disk once: %s`,
    async (_, path) => {
      const size = bytesOf(300);
      const written = app.written;
      let length = 0;
      const growth = await growthDuring(nginx, async () => {
        const pause = async () => {
          await until('the app is done', () => app.written === written + 1, PATIENCE / 2);
          await until('nginx has it all', () => spooled(nginx) > size * 0.9);
          expect(spooled(nginx)).toBeLessThanOrEqual(size);
        };
        length = await readPattern(nginx.port, `${path}?size=${size}`, { pause });
      });
      expect(length).toBe(size);
      expect(growth).toBeLessThan(10 * MIB);
      expect(spooled(nginx)).toBe(0);
    },
    PATIENCE,
  );

  test('a result of 30 MB without a Content-Length arrives whole', async () => {
    const size = 30 * MIB + 1;
    expect(await readPattern(nginx.port, `/huge?size=${size}&chunked=1`)).toBe(size);
  });

  test('a result that fits into memory is written to no file on its way through the waiter', async () => {
    const size = MIB;
    expect(await readPattern(nginx.port, `/huge?size=${size}`)).toBe(size);
    const files = /buffered to a temporary file .* subrequest: "\/poll/;
    expect(nginx.errorLog()).not.toMatch(files);
  });

  test('HEAD gets the headers of a result of 1 GB, and leaves the rest with the app', async () => {
    const written = app.written;
    const answer = await call(nginx.port, `/huge?size=${1024 * MIB}`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(`${1024 * MIB}`);
    expect(app.written).toBe(written);
  });
});
