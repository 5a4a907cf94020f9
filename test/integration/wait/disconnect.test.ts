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

  /** nginx has noticed that another client left. */
  const left: Record<string, number> = {};
  const hasLeft = async (nginx: Nginx, query: string) => {
    const path = `499 GET /job?length=60000&${query}`;
    const key = `${nginx.port} ${query}`;
    const before = left[key] ?? 0;
    const count = () => nginx.accessLog().filter((line) => line.startsWith(path)).length;
    await until('the access log has a 499', () => count() > before);
    left[key] = count();
  };

  test.each(disconnects)(
    'a client that disconnects during a pause is not polled for again ($name, $how)',
    async ({ name, open, how }) => {
      const { nginx, client, job } = await startJob(name, open, 'during=pause');
      await sleep(100);
      client.disconnect(how);
      await hasLeft(nginx, 'during=pause');
      const polls = job.polls.length;
      await sleep(SETTLE_MS);
      expect(job.polls).toHaveLength(polls);
    },
  );

  test.each(disconnects)(
    'a client that disconnects during a poll is not polled for again ($name, $how)',
    async ({ name, open, how }) => {
      const { nginx, client, job } = await startJob(name, open, 'fault=slow');
      // the app responds to each poll after 200 ms
      await sleep(50);
      client.disconnect(how);
      await hasLeft(nginx, 'fault=slow');
      const polls = job.polls.length;
      await sleep(SETTLE_MS);
      expect(job.polls).toHaveLength(polls);
    },
  );
});
