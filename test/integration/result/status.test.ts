/** Each status that can be a result arrives as it would without offloading. */

import { BothWays, differing } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

const NEVER_A_RESULT = [202, 400, 425, 502, 503, 504];
const statuses = Array.from({ length: 400 }, (_, i) => 200 + i).filter(
  (status) => !NEVER_A_RESULT.includes(status),
);
const hasBody = (status: number) => status !== 204 && status !== 304;

/** A script for each status, under its name. */
const scripts = (of: number[], lines: string[], body: string): Record<string, Script> =>
  Object.fromEntries(
    of.map((status) => {
      const head = [`HTTP/1.1 ${status} So It Is`, ...lines, '', ''].join('\r\n');
      return [status, { pieces: [head + (hasBody(status) ? body : '')] }];
    }),
  );

describe.each(matrix)(onRelease, (release) => {
  let ways: BothWays;

  beforeAll(async () => {
    ways = await BothWays.start(release);
  });

  afterAll(() => ways?.stop());

  // nginx gives a 204 of its own no line about a body, as RFC 9110 wants it; one that it
  // proxies keeps those of the app
  const without204 = statuses.filter((status) => status !== 204);

  test('with a body', async () => {
    const lines = ['Content-Type: text/x', 'Content-Length: 5'];
    expect(await differing(ways, scripts(without204, lines, 'body\n'))).toEqual([]);
  });

  test('with an empty body', async () => {
    const lines = ['Content-Type: text/x', 'Content-Length: 0'];
    expect(await differing(ways, scripts(without204, lines, ''))).toEqual([]);
  });

  test('with a body whose length is not told', async () => {
    expect(await differing(ways, scripts(statuses, ['X-Is: short'], 'body\n'))).toEqual([]);
  });

  test('to HEAD', async () => {
    // that the app sent a body to HEAD matters to nobody
    const lines = ['Content-Type: text/x', 'Content-Length: 5'];
    expect(await differing(ways, scripts(without204, lines, 'body\n'), 'HEAD')).toEqual([]);
  });

  test('a 204 keeps its headers, other than those about a body', async () => {
    const lines = ['X-Is: kept', 'ETag: "1"', 'Content-Type: text/x', 'Content-Length: 0'];
    const { offloaded } = await ways.offloaded(scripts([204], lines, '')[204] as Script);
    expect(offloaded).toMatchObject({ status: 204, lines: lines.slice(0, 2), end: 'no body' });
  });
});
