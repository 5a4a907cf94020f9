/** Behind uwsgi_pass, fastcgi_pass and scgi_pass results arrive as they would directly, too. */

import { BothWays, differing } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Protocol } from '../../upstream/scripted';

const HEAD = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/x\r\n';
const LENGTH = 'Content-Length: 8\r\n';
const SIGNAL = 'X-OffloadToPoller-Url: /x\r\nX-Offload-Outcome: timeout\r\n';

describe.each(matrix)(onRelease, (release) => {
  describe.each<Protocol>(['uwsgi', 'fastcgi', 'scgi'])('behind %s_pass', (protocol) => {
    let ways: BothWays;

    beforeAll(async () => {
      const http = `${protocol}_hide_header X-Powered-By;`;
      ways = await BothWays.start(
        release,
        { http, location: 'set $offload_timeout 2s;' },
        protocol,
      );
    });

    afterAll(() => ways?.stop());

    test('whole ones', async () => {
      const scripts = {
        'with a Content-Length': { pieces: [`${HEAD}${LENGTH}\r\n`, 'complete'] },
        'without one': { pieces: [`${HEAD}\r\n`, 'comp', 'lete'] },
        empty: { pieces: [`${HEAD}\r\n`] },
        'an error': { pieces: ['HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nno\n'] },
        'latin1 in a header': { pieces: [Buffer.from(`${HEAD}X: \xe4\r\n\r\n`, 'latin1'), 'x'] },
      };
      expect(await differing(ways, scripts)).toEqual([]);
    });

    test.each(['', LENGTH])(
      'what the app tells nginx and what http {} hides is hidden (%j)',
      async (length) => {
        const pieces = [`${HEAD}${SIGNAL}X-Powered-By: x\r\n${length}\r\n`, 'complete'];
        expect(await differing(ways, { hidden: { pieces } })).toEqual([]);
        const { offloaded } = await ways.offloaded({ pieces });
        expect(offloaded.lines.join()).not.toMatch(/Offload|X-Powered-By/);
      },
    );

    test.each(['FIN', 'RST'] as const)(
      'one with a Content-Length that broke off (%s) is asked for again',
      async (end) => {
        const cut = { pieces: [`${HEAD}${LENGTH}\r\n`, 'half'], end };
        const next = { pieces: [`${HEAD}${LENGTH}\r\n`, 'complete'] };
        const { offloaded } = await ways.offloaded({ ...cut, next });
        expect(offloaded.body.toString()).toBe('complete');
      },
    );

    test('one without that broke off (RST) does so at the client, as it would directly', async () => {
      const cut = { pieces: [`${HEAD}\r\n`, 'half'], end: 'RST' as const };
      const { direct, offloaded } = await ways.pair(cut);
      expect(direct.end).toBe('CUT OFF');
      expect(offloaded.end).toBe('CUT OFF');
    });

    test('one without that broke off (FIN): nobody can tell, nginx neither', async () => {
      // not in FastCGI either, which has a record for the end: nginx does not insist on it
      const cut = { pieces: [`${HEAD}\r\n`, 'half'], end: 'FIN' as const };
      const { direct, offloaded } = await ways.pair(cut);
      expect(direct.end).toBe('chunked');
      expect(offloaded).toEqual(direct);
    });
  });
});
