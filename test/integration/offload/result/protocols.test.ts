/** With uwsgi_pass, fastcgi_pass and scgi_pass, results are the same as without the offload. */

import type { Protocol } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { ends, onRelease } from '../../../../testkit/servers/nginx';

const HEAD = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/x\r\n';
const LENGTH = 'Content-Length: 8\r\n';
const SIGNAL = 'X-OffloadToPoller-Url: /x\r\nX-Offload-Outcome: timeout\r\n';

describe.each(ends)(onRelease, (release) => {
  describe.each<Protocol>(['uwsgi', 'fastcgi', 'scgi'])('%s_pass', (protocol) => {
    let comparison: Comparison;

    beforeAll(async () => {
      const http = `${protocol}_hide_header X-Powered-By;`;
      comparison = await Comparison.start(
        release,
        { http, location: 'set $offload_timeout 10s;' },
        protocol,
      );
    });

    afterAll(() => comparison?.stop());

    test('complete results', async () => {
      const scripts = {
        'with a Content-Length': { pieces: [`${HEAD}${LENGTH}\r\n`, 'complete'] },
        'without one': { pieces: [`${HEAD}\r\n`, 'comp', 'lete'] },
        empty: { pieces: [`${HEAD}\r\n`] },
        'an error': { pieces: ['HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nno\n'] },
        'latin1 in a header': { pieces: [Buffer.from(`${HEAD}X: \xe4\r\n\r\n`, 'latin1'), 'x'] },
      };
      expect(await differences(comparison, scripts)).toEqual([]);
    });

    test.each(['', LENGTH])(
      'internal headers and those hidden in http {} are removed (%j)',
      async (length) => {
        const pieces = [`${HEAD}${SIGNAL}X-Powered-By: x\r\n${length}\r\n`, 'complete'];
        expect(await differences(comparison, { hidden: { pieces } })).toEqual([]);
        const { offloaded } = await comparison.offloaded({ pieces });
        expect(offloaded.lines.join()).not.toMatch(/Offload|X-Powered-By/);
      },
    );

    test.each(['FIN', 'RST'] as const)(
      'an incomplete result with a Content-Length (%s) is polled again',
      async (end) => {
        const cut = { pieces: [`${HEAD}${LENGTH}\r\n`, 'half'], end };
        const next = { pieces: [`${HEAD}${LENGTH}\r\n`, 'complete'] };
        const { offloaded } = await comparison.offloaded({ ...cut, next });
        expect(offloaded.body.toString()).toBe('complete');
      },
    );

    test('a result without a length that ends with RST is incomplete for the client', async () => {
      const cut = { pieces: [`${HEAD}\r\n`, 'half'], end: 'RST' as const };
      const { direct, offloaded } = await comparison.pair(cut);
      expect(direct.end).toBe('CUT OFF');
      expect(offloaded.end).toBe('CUT OFF');
    });

    test('a result without a length that ends with FIN is taken as complete', async () => {
      // also with FastCGI: nginx does not require its end record
      const cut = { pieces: [`${HEAD}\r\n`, 'half'], end: 'FIN' as const };
      const { direct, offloaded } = await comparison.pair(cut);
      expect(direct.end).toBe('chunked');
      expect(offloaded).toEqual(direct);
    });
  });
});
