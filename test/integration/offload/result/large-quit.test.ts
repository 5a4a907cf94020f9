/** Results larger than 1 MB during nginx -s quit, when there are no further attempts. */

import { BulkApp } from '../../../../testkit/apps/bulk';
import { MIB } from '../../../../testkit/apps/pattern';
import { readPattern } from '../../../../testkit/clients/read-pattern';
import { until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const CLIENTS = 50;
const SIZE = 3 * MIB;

describe.each(ends)(onRelease, (release) => {
  let app: BulkApp;
  let nginx: Nginx;

  beforeEach(async () => {
    app = new BulkApp();
    await app.start();
    // a client without a further attempt has its 503 after it
    const server = 'set $offload_timeout 20s;';
    nginx = await Nginx.start(release, { appPort: app.port, server });
  });

  afterEach(async () => {
    await nginx?.stop();
    await app.stop();
  });

  const startClients = () =>
    Array.from({ length: CLIENTS }, (_, i) =>
      readPattern(nginx.port, `/large?size=${SIZE}`, {
        ...(i % 2 === 0 ? {} : { method: 'POST', body: 'the call' }),
      }),
    );
  const allPolled = () => until('all clients were polled for', () => app.polls.length >= CLIENTS);
  const removeSocket = () => nginx.run('rm', '/run/nginx-offload/waiter.sock');

  /** Those between two attempts at that instant get a 503 (docs/operations.md): the more, the busier the CPU. */
  const expectMostComplete = async (clients: Promise<number>[]) => {
    const results = await Promise.allSettled(clients);
    const others = results.filter(
      (result) => result.status !== 'rejected' || String(result.reason) !== 'Error: status 503',
    );
    expect(others).toEqual(others.map(() => ({ status: 'fulfilled', value: SIZE })));
    expect(others.length).toBeGreaterThan(CLIENTS / 2);
  };

  test(`${CLIENTS} held clients get 3 MB each during nginx -s quit, some perhaps a 503`, async () => {
    const clients = startClients();
    await allPolled();
    await nginx.run('nginx', '-s', 'quit');
    await expectMostComplete(clients);
  });

  test(`${CLIENTS} held clients get 3 MB each after the waiter's socket is removed, some perhaps a 503`, async () => {
    const clients = startClients();
    await allPolled();
    await removeSocket();
    await expectMostComplete(clients);
  });
});
