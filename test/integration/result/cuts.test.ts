/** A result that broke off is never passed for a whole one. */

import { BothWays } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\n\r\n';
const WHOLE: Script = { pieces: [`${LENGTH}complete`] };
const NOT_YET = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/** Broken off in its body. */
const cuts: [string, Script][] = (['FIN', 'RST'] as const).flatMap((end) => [
  [`with a Content-Length, ${end}`, { pieces: [LENGTH, 'half'], end }],
  [`chunked, in a chunk, ${end}`, { pieces: [CHUNKED, '8\r\nhalf'], end }],
  [`chunked, between two, ${end}`, { pieces: [CHUNKED, '4\r\nhalf\r\n'], end }],
  [`chunked, in the last one, ${end}`, { pieces: [CHUNKED, '4\r\nhalf\r\n0\r\n'], end }],
  [`chunked, before the first, ${end}`, { pieces: [CHUNKED, ''], end }],
]);
const untilReset: [string, Script] = [
  'until close, RST',
  { pieces: [UNTIL_CLOSE, 'half'], end: 'RST' },
];

describe.each(matrix)(onRelease, (release) => {
  let ways: BothWays;

  beforeAll(async () => {
    ways = await BothWays.start(release, {
      // as where an app talks HTTP/1.1; the waiter always does
      http: 'proxy_http_version 1.1;',
      location: 'set $offload_timeout 2s;',
    });
  });

  afterAll(() => ways?.stop());

  const ofNoLength = [...cuts.filter(([name]) => name.startsWith('chunked')), untilReset];

  test.each(ofNoLength)('%s: breaks off at the client, as it would directly', async (_, cut) => {
    const { direct, offloaded } = await ways.pair(cut);
    expect(direct).toMatchObject({ status: 200, end: 'CUT OFF' });
    expect(offloaded).toMatchObject({ status: 200, end: 'CUT OFF' });
  });

  test.each([...cuts, untilReset])(
    '%s: one that is whole the next time arrives',
    async (_, cut) => {
      const { offloaded } = await ways.offloaded({ ...cut, next: WHOLE });
      expect(offloaded).toMatchObject({ status: 200, end: 'length' });
      expect(offloaded.body.toString()).toBe('complete');
    },
  );

  const ofLength = cuts.filter(([name]) => name.startsWith('with a Content-Length'));
  test.each(ofLength)('%s, each time: a 504 past the deadline', async (_, cut) => {
    const { direct, offloaded } = await ways.pair(cut);
    expect(direct).toMatchObject({ status: 200, end: 'CUT OFF' });
    expect(offloaded.status).toBe(504);
  });

  test('until close, FIN: nobody can tell, nginx neither', async () => {
    const { direct, offloaded } = await ways.pair({ pieces: [UNTIL_CLOSE, 'half'], end: 'FIN' });
    expect(direct).toMatchObject({ status: 200, end: 'chunked' });
    expect(offloaded).toEqual(direct);
  });

  test.each([
    ['not yet', { pieces: [NOT_YET] }],
    ['a 425', { pieces: [NOT_YET.replace('400', '425')] }],
    ['a 502', { pieces: [NOT_YET.replace('400', '502')] }],
    ['a 503', { pieces: [NOT_YET.replace('400', '503')] }],
    ['a 504', { pieces: [NOT_YET.replace('400', '504')] }],
    ['nothing', { pieces: [''], end: 'RST' as const }],
  ])('where the second time brings %s, a third is made', async (_, second) => {
    const chunked = { pieces: [`${CHUNKED}8\r\ncomplete\r\n0\r\n\r\n`] };
    const { offloaded, asked } = await ways.offloaded({
      ...chunked,
      next: { ...second, next: chunked },
    });
    expect(offloaded).toMatchObject({ status: 200, end: 'chunked' });
    expect(offloaded.body.toString()).toBe('complete');
    expect(asked).toBeGreaterThan(2);
  });
});
