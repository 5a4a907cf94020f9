/** Headers as long as the app's way into nginx lets through: the private hop stops none. */

import { BothWays, differing } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

/** An answer whose head has so many bytes. */
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
  ])('where %i KB is the size of a buffer', (kb, http, sizes) => {
    let ways: BothWays;

    beforeAll(async () => {
      ways = await BothWays.start(release, { http, location: 'set $offload_timeout 1s;' });
    });

    afterAll(() => ways?.stop());

    test(`${sizes} bytes of head arrive`, async () => {
      const scripts = sizes.map((size) => [size, script(size)]);
      expect(await differing(ways, Object.fromEntries(scripts))).toEqual([]);
    });

    test('more than the buffer is an error: directly a 502, as a poll a lost one', async () => {
      const { direct, offloaded } = await ways.pair(script(kb * 1024 + 1));
      expect(direct.status).toBe(502);
      expect(offloaded.status).toBe(504);
    });
  });
});
