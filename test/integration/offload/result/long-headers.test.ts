/** Headers up to the buffer size of the app's location; the private server has no smaller limit. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

/** A response whose head has the given size. */
const script = (bytes: number): Script => {
  const head = (value: string) =>
    `HTTP/1.1 200 OK\r\nX-Long: ${value}\r\nContent-Length: 5\r\n\r\n`;
  return { pieces: [`${head('x'.repeat(bytes - head('').length))}body\n`] };
};

const buffers = (kb: number) =>
  `proxy_buffer_size ${kb}k; proxy_buffers 4 ${kb}k; proxy_busy_buffers_size ${kb}k;`;

describe.each(matrix)(onRelease, (release) => {
  describe.each([
    [4, '', [4000, 4090]],
    [60, buffers(60), [4097, 16_384, 61_000]],
  ])('with a buffer size of %i KB', (kb, http, sizes) => {
    let comparison: Comparison;

    beforeAll(async () => {
      comparison = await Comparison.start(release, { http, location: 'set $offload_timeout 1s;' });
    });

    afterAll(() => comparison?.stop());

    test(`heads of ${sizes} bytes are forwarded`, async () => {
      const scripts = sizes.map((size) => [size, script(size)]);
      expect(await differences(comparison, Object.fromEntries(scripts))).toEqual([]);
    });

    test('a larger head is a 502 directly, and a transient error of a poll', async () => {
      const { direct, offloaded } = await comparison.pair(script(kb * 1024 + 1));
      expect(direct.status).toBe(502);
      expect(offloaded.status).toBe(504);
    });
  });
});
