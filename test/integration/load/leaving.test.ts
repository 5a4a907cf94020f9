import { type Leaver, leavings } from '../../harness/client';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';

/** Longer than the longest pause of these tests, by far. */
const LONG_AFTER_MS = 2500;

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

  const arriveAndPoll = async (
    protocol: string,
    arrive: (port: number, path: string) => Leaver,
    query: string,
  ) => {
    const nginx = protocol === 'HTTP/2' ? http2 : http1;
    const known = app.jobs.list().length;
    const client = arrive(nginx.port, `/job?length=60000&${query}`);
    await until('the job is queued', () => app.jobs.list().length > known);
    const job = app.jobs.list().at(-1) as NonNullable<ReturnType<typeof app.jobs.get>>;
    await until('three polls', () => job.polls.length === 3);
    return { nginx, client, job };
  };

  test.each(leavings)(
    'no poll follows when a client leaves in the middle of a sleep ($name, $how)',
    async ({ name, arrive, how }) => {
      const { nginx, client, job } = await arriveAndPoll(name, arrive, 'here=sleep');
      await sleep(100);
      client.leave(how);
      const after499 = until('the access log says 499', () =>
        nginx.accessLog().some((line) => line.startsWith('499 GET /job?length=60000&here=sleep')),
      );
      await Promise.all([after499, sleep(LONG_AFTER_MS)]);
      expect(job.polls).toHaveLength(3);
    },
  );

  test.each(leavings)(
    'no poll follows when a client leaves in the middle of a poll ($name, $how)',
    async ({ name, arrive, how }) => {
      const { client, job } = await arriveAndPoll(name, arrive, 'fault=slow');
      // the app takes 200 ms to answer each poll
      await sleep(50);
      client.leave(how);
      await sleep(LONG_AFTER_MS);
      expect(job.polls).toHaveLength(3);
    },
  );
});
