/** Polling ends when the client disconnects. */

import { disconnects, type OpenClient } from '../../../testkit/client';
import { matrix, Nginx, onRelease } from '../../../testkit/nginx';
import { sleep, until } from '../../../testkit/until';
import { App } from '../../../testkit/upstream/app';

/** Much longer than the pauses in these tests. */
const SETTLE_MS = 1200;

describe.each(matrix)(onRelease, (release) => {
  const app = new App();
  let http1: Nginx;
  let http2: Nginx;

  beforeAll(async () => {
    await app.start();
    http1 = await Nginx.start(release, { appPort: app.port });
    http2 = await Nginx.start(release, { appPort: app.port, listen: 'http2' });
  });

  afterAll(async () => {
    await http1.stop();
    await http2.stop();
    await app.stop();
  });

  const startJob = async (
    protocol: string,
    open: (port: number, path: string) => OpenClient,
    query: string,
  ) => {
    const nginx = protocol === 'HTTP/2' ? http2 : http1;
    const known = app.jobs.list().length;
    const client = open(nginx.port, `/job?length=60000&${query}`);
    await until('the job is queued', () => app.jobs.list().length > known);
    const job = app.jobs.list().at(-1) as NonNullable<ReturnType<typeof app.jobs.get>>;
    await until('three polls', () => job.polls.length === 3);
    return { nginx, client, job };
  };

  test.each(disconnects)(
    'a client that disconnects during a pause is not polled for again ($name, $how)',
    async ({ name, open, how }) => {
      const { nginx, client, job } = await startJob(name, open, 'during=pause');
      await sleep(100);
      client.disconnect(how);
      const after499 = until('the access log has a 499', () =>
        nginx.accessLog().some((line) => line.startsWith('499 GET /job?length=60000&during=pause')),
      );
      await Promise.all([after499, sleep(SETTLE_MS)]);
      expect(job.polls).toHaveLength(3);
    },
  );

  test.each(disconnects)(
    'a client that disconnects during a poll is not polled for again ($name, $how)',
    async ({ name, open, how }) => {
      const { client, job } = await startJob(name, open, 'fault=slow');
      // the app responds to each poll after 200 ms
      await sleep(50);
      client.disconnect(how);
      await sleep(SETTLE_MS);
      expect(job.polls).toHaveLength(3);
    },
  );
});
