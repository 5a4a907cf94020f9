/** Results that are too large for memory, in a quit: there is no other try to come back in. */

import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { readPattern } from '../../harness/read-pattern';
import { until } from '../../harness/until';
import { BulkApp } from '../../upstream/bulk';
import { MIB } from '../../upstream/pattern';

const CLIENTS = 50;
const SIZE = 3 * MIB;

describe.each(matrix)(onRelease, (release) => {
  let app: BulkApp;
  let nginx: Nginx;

  beforeEach(async () => {
    app = new BulkApp();
    await app.start();
    nginx = await Nginx.start(release, { appPort: app.port });
  });

  afterEach(async () => {
    await nginx?.stop();
    await app.stop();
  });

  const hold = () =>
    Array.from({ length: CLIENTS }, (_, i) =>
      readPattern(nginx.port, `/huge?size=${SIZE}`, {
        ...(i % 2 === 0 ? {} : { method: 'POST', body: 'the call' }),
      }),
    );
  const allPolled = () => until('each was polled', () => app.polls.length >= CLIENTS);
  const removeSocket = () => nginx.run('rm', '/run/nginx-offload/waiter.sock');
  const whole = Array.from({ length: CLIENTS }, () => SIZE);

  test(`${CLIENTS} held clients get 3 MB each in a quit`, async () => {
    const clients = hold();
    await allPolled();
    await nginx.run('nginx', '-s', 'quit');
    expect(await Promise.all(clients)).toEqual(whole);
  });

  test(`${CLIENTS} held clients get 3 MB each when the waiter's socket is gone`, async () => {
    const clients = hold();
    await allPolled();
    await removeSocket();
    expect(await Promise.all(clients)).toEqual(whole);
  });
});
