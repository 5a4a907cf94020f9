/** X-Accel-* of a result act as they would without offloading, once, and reach no client. */

import { BothWays, differing } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

const script = (lines: string[], framing = ['Content-Length: 5']): Script => ({
  pieces: [['HTTP/1.1 200 OK', ...lines, ...framing, '', 'body\n'].join('\r\n')],
});

describe.each(matrix)(onRelease, (release) => {
  let ways: BothWays;

  beforeAll(async () => {
    ways = await BothWays.start(release, {
      server: `
        charset utf-8;
        location /protected/ {
            internal;
            alias /etc/nginx/offload/;
        }`,
    });
  });

  afterAll(() => ways?.stop());

  test.each([
    ['handed on', ['Content-Length: 5']],
    ['streamed', []],
  ])(
    'X-Accel-Redirect of a result %s gives a file that no client can ask for',
    async (_, framing) => {
      const result = script(
        [
          'X-Accel-Redirect: /protected/http.conf',
          'Content-Type: text/x-conf',
          'Content-Disposition: attachment; filename="http.conf"',
          'Set-Cookie: a=1',
          'Set-Cookie: b=2',
          'X-Dropped: 1',
        ],
        framing,
      );
      expect(await differing(ways, { result })).toEqual([]);
      const { offloaded } = await ways.offloaded(result);
      expect(offloaded.body.toString()).toContain('js_import offload');
      expect(offloaded.lines).toEqual(
        expect.arrayContaining(['Content-Type: text/x-conf', 'Set-Cookie: a=1', 'Set-Cookie: b=2']),
      );
    },
  );

  test('X-Accel-Redirect to what is not there is a 404', async () => {
    const result = script(['X-Accel-Redirect: /protected/nothing']);
    expect(await differing(ways, { result })).toEqual([]);
    expect((await ways.offloaded(result)).offloaded.status).toBe(404);
  });

  test('the others steer nginx and reach no client', async () => {
    const others = {
      Expires: script(['X-Accel-Expires: 5']),
      Buffering: script(['X-Accel-Buffering: no']),
      Rate: script(['X-Accel-Limit-Rate: 100000']),
      Charset: script(['X-Accel-Charset: koi8-r', 'Content-Type: text/html']),
      'no charset': script(['X-Accel-Charset: off', 'Content-Type: text/html']),
      streamed: script(['X-Accel-Charset: koi8-r', 'Content-Type: text/html'], []),
    };
    expect(await differing(ways, others)).toEqual([]);
    for (const other of Object.values(others)) {
      const { offloaded } = await ways.offloaded(other);
      expect(offloaded.lines.join()).not.toContain('X-Accel');
    }
  });
});
