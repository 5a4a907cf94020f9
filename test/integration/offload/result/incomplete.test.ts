/** An incomplete result is polled again, or is incomplete for the client as well. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison } from '../../../../testkit/clients/comparison';
import { ends, onRelease } from '../../../../testkit/servers/nginx';

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\n\r\n';
const COMPLETE: Script = { pieces: [`${LENGTH}complete`] };
const NOT_YET = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/** Incomplete bodies. */
const incomplete: [string, Script][] = (['FIN', 'RST'] as const).flatMap((end) => [
  [`with a Content-Length, ${end}`, { pieces: [LENGTH, 'half'], end }],
  [`chunked, in a chunk, ${end}`, { pieces: [CHUNKED, '8\r\nhalf'], end }],
  [`chunked, between two chunks, ${end}`, { pieces: [CHUNKED, '4\r\nhalf\r\n'], end }],
  [`chunked, in the last chunk, ${end}`, { pieces: [CHUNKED, '4\r\nhalf\r\n0\r\n'], end }],
  [`chunked, before the first chunk, ${end}`, { pieces: [CHUNKED, ''], end }],
]);
const untilReset: [string, Script] = [
  'until close, RST',
  { pieces: [UNTIL_CLOSE, 'half'], end: 'RST' },
];

describe.each(ends)(onRelease, (release) => {
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release, {
      // for the direct call; the waiter always uses HTTP/1.1
      http: 'proxy_http_version 1.1;',
      location: 'set $offload_timeout 4s;',
    });
  });

  afterAll(() => comparison?.stop());

  const withoutLength = [...incomplete.filter(([name]) => name.startsWith('chunked')), untilReset];

  test.each(withoutLength)(
    '%s: incomplete for the client, as without the offload',
    async (_, script) => {
      const { direct, offloaded } = await comparison.pair(script);
      expect(direct).toMatchObject({ status: 200, end: 'CUT OFF' });
      expect(offloaded).toMatchObject({ status: 200, end: 'CUT OFF' });
    },
  );

  test.each([...incomplete, untilReset])('%s: polled again, and complete', async (_, script) => {
    const { offloaded } = await comparison.offloaded({ ...script, next: COMPLETE });
    expect(offloaded).toMatchObject({ status: 200, end: 'length' });
    expect(offloaded.body.toString()).toBe('complete');
  });

  const withLength = incomplete.filter(([name]) => name.startsWith('with a Content-Length'));
  test('with a Content-Length, each time: a 504 after the timeout', async () => {
    const pairs = await Promise.all(withLength.map(([, script]) => comparison.pair(script)));
    for (const { direct, offloaded } of pairs) {
      expect(direct).toMatchObject({ status: 200, end: 'CUT OFF' });
      expect(offloaded.status).toBe(504);
    }
  });

  test('until close, FIN: indistinguishable from a complete result', async () => {
    const { direct, offloaded } = await comparison.pair({
      pieces: [UNTIL_CLOSE, 'half'],
      end: 'FIN',
    });
    expect(direct).toMatchObject({ status: 200, end: 'chunked' });
    expect(offloaded).toEqual(direct);
  });

  test.each([
    ['not yet', { pieces: [NOT_YET] }],
    ['a 425', { pieces: [NOT_YET.replace('400', '425')] }],
    ['a 502', { pieces: [NOT_YET.replace('400', '502')] }],
    ['a 503', { pieces: [NOT_YET.replace('400', '503')] }],
    ['a 504', { pieces: [NOT_YET.replace('400', '504')] }],
    ['a reset', { pieces: [''], end: 'RST' as const }],
  ])('if the second request for the result gets %s, there is a third', async (_, second) => {
    const chunked = { pieces: [`${CHUNKED}8\r\ncomplete\r\n0\r\n\r\n`] };
    const { offloaded, requests } = await comparison.offloaded({
      ...chunked,
      next: { ...second, next: chunked },
    });
    expect(offloaded).toMatchObject({ status: 200, end: 'chunked' });
    expect(offloaded.body.toString()).toBe('complete');
    expect(requests).toBeGreaterThan(2);
  });
});
