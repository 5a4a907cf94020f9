/** Polling ends when the client disconnects. */

import { App } from '../../../../testkit/apps/app';
import { disconnects } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { matrix, Nginx, onRelease } from '../../../../testkit/servers/nginx';

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

  test.each([
    ['pause', '', 100],
    // the app responds to each poll after 200 ms
    ['poll', '&fault=slow', 50],
  ])(
    'a client that disconnects during a %s is not polled for again',
    async (during, query, afterPoll) => {
      const polledAgain = disconnects.map(async ({ name, open, how }) => {
        const nginx = name === 'HTTP/2' ? http2 : http1;
        const tag = `${name}-${how}-${during}`;
        const path = `/job?length=60000&tag=${tag}${query}`;
        const client = open(nginx.port, path);
        const polls = () => app.jobs.tagged(tag)?.polls.length ?? 0;
        await until('three polls', () => polls() >= 3);
        await sleep(afterPoll);
        client.disconnect(how);
        await until('the access log has a 499', () =>
          nginx.accessLog().some((line) => line.startsWith(`499 GET ${path} `)),
        );
        const before = polls();
        await sleep(SETTLE_MS);
        return [name, how, polls() - before];
      });
      expect(await Promise.all(polledAgain)).toEqual(
        disconnects.map(({ name, how }) => [name, how, 0]),
      );
    },
  );
});
