/** A signal by X-Accel-Redirect: nginx copies some of its headers to the result, which has its own only. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison } from '../../../../testkit/clients/comparison';
import { ends, onRelease } from '../../../../testkit/servers/nginx';

const OF_THE_SIGNAL = [
  'Set-Cookie: signal=1; Path=/',
  'Set-Cookie: signal=2',
  'Set-Cookie: both=1',
  'Cache-Control: no-store',
  'Cache-Control: max-age=7',
  'Expires: Thu, 31 Dec 2037 00:00:00 GMT',
  'Content-Disposition: attachment; filename="signal"',
  'Accept-Ranges: bytes',
  'Content-Type: text/x-signal',
  'Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT',
  'ETag: "signal"',
  'Content-Language: de',
  'X-Of-The-Signal: 1',
];

const RESULTS: Record<string, string[]> = {
  'no headers': [],
  'a cookie': ['Set-Cookie: result=1'],
  'several lines of each': [
    'Set-Cookie: result=1',
    'Set-Cookie: both=1',
    'Set-Cookie: result=2',
    'Cache-Control: private',
    'Cache-Control: max-age=9',
    'Expires: Thu, 31 Dec 2026 00:00:00 GMT',
    'Content-Disposition: inline',
    'Accept-Ranges: none',
    'Content-Type: application/json',
    'ETag: "result"',
  ],
};

const script = (first: string, lines: string[], framing: string[]): Script => ({
  pieces: [
    [`HTTP/1.1 ${first}`, ...lines, ...framing, '', framing[0] ? 'body\n' : ''].join('\r\n'),
  ],
});

describe.each(ends)(onRelease, (release) => {
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release, {
      location: 'set $offload_timeout 5s;',
      server: 'error_page 504 /late.html; location = /late.html { return 200 late; }',
    });
  });

  afterAll(() => comparison?.stop());

  /** @returns lines and body of the result of both signals */
  const both = async (result: Script) => {
    const plain = await comparison.offloaded(result);
    const accel = await comparison.offloaded({
      ...result,
      signalStatus: 200,
      signal: ['X-Accel-Redirect: @offload', ...OF_THE_SIGNAL],
    });
    return [plain, accel].map(({ offloaded }) => ({ ...offloaded, body: `${offloaded.body}` }));
  };

  test.each(
    Object.entries(RESULTS).flatMap(([name, lines]) => [
      ['forwarded', name, script('200 OK', lines, ['Content-Length: 5'])] as const,
      ['streamed', name, script('200 OK', lines, ['Connection: close'])] as const,
      ['without a body', name, script('204 No Content', lines, [])] as const,
      ['that is an error', name, script('500 No', lines, ['Content-Length: 5'])] as const,
    ]),
  )('a result %s with %s is that of a 418', async (_, __, result) => {
    const [plain, accel] = await both(result);
    expect(accel).toEqual(plain);
    expect(accel?.lines.join()).not.toMatch(/signal/i);
  });

  test('so is the page of a client that got no result', async () => {
    const [plain, accel] = await both({ ...script('200 OK', [], []), notYet: 1000 });
    expect(accel).toEqual(plain);
  });
});
