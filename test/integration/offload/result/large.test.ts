/** Results larger than 1 MB, which are streamed. OFFLOAD_LONG=1: 1 GB in each case. */

import { BulkApp } from '../../../../testkit/apps/bulk';
import { MIB } from '../../../../testkit/apps/pattern';
import { call } from '../../../../testkit/clients/client';
import { readPattern } from '../../../../testkit/clients/read-pattern';
import { until } from '../../../../testkit/clients/until';
import { isLong, long } from '../../../../testkit/jest/long';
import { growthDuring, spooled } from '../../../../testkit/machines/memory';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const SIZE = long(1024, 300) * MIB;
const NAMED = isLong ? '1 GB' : '300 MB';

/** Long enough for a slow machine. */
const TIMEOUT_MS = 110_000;

describe.each(ends)(onRelease, (release) => {
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

  test(
    `a result of ${NAMED} is streamed with less than 10 MB of nginx's memory`,
    async () => {
      const started = app.started;
      let length = 0;
      const growth = await growthDuring(nginx, async () => {
        length = await readPattern(nginx.port, `/large?size=${SIZE}`);
      });
      expect(length).toBe(SIZE);
      expect(growth).toBeLessThan(10 * MIB);
      // the poll that finds it too large, a request for the headers, and one to stream it
      expect(app.started - started).toBe(3);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['directly', '/direct'],
    ['offloaded', '/large'],
  ])(
    `a slow client of ${NAMED} does not block the app, and the result is on disk once: %s`,
    async (_, path) => {
      const completed = app.completed;
      let length = 0;
      const growth = await growthDuring(nginx, async () => {
        const pause = async () => {
          await until('the app is done', () => app.completed === completed + 1, TIMEOUT_MS / 2);
          await until('nginx has buffered the result', () => spooled(nginx) > SIZE * 0.9);
          expect(spooled(nginx)).toBeLessThanOrEqual(SIZE);
        };
        length = await readPattern(nginx.port, `${path}?size=${SIZE}`, { pause });
      });
      expect(length).toBe(SIZE);
      expect(growth).toBeLessThan(10 * MIB);
      await until('nginx has removed the file', () => spooled(nginx) === 0);
    },
    TIMEOUT_MS,
  );

  test('a result of 30 MB without a Content-Length is complete', async () => {
    const size = 30 * MIB + 1;
    expect(await readPattern(nginx.port, `/large?size=${size}&chunked=1`)).toBe(size);
  });

  test('a result of 1 MB is not written to a temporary file by a poll', async () => {
    const size = MIB;
    expect(await readPattern(nginx.port, `/large?size=${size}`)).toBe(size);
    const files = /buffered to a temporary file .* subrequest: "\/poll/;
    expect(nginx.errorLog()).not.toMatch(files);
  });

  test('HEAD gets the headers of a result of 1 GB without reading the body', async () => {
    const completed = app.completed;
    const answer = await call(nginx.port, `/large?size=${1024 * MIB}`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(`${1024 * MIB}`);
    expect(app.completed).toBe(completed);
  });
});
