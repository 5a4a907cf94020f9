/** X-Accel-* headers of a result have the same effect as without the offload, and are removed. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

const script = (lines: string[], framing = ['Content-Length: 5']): Script => ({
  pieces: [['HTTP/1.1 200 OK', ...lines, ...framing, '', 'body\n'].join('\r\n')],
});

describe.each(matrix)(onRelease, (release) => {
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release, {
      server: `
        charset utf-8;
        location /protected/ {
            internal;
            alias /etc/nginx/offload/;
        }`,
    });
  });

  afterAll(() => comparison?.stop());

  test.each([
    ['forwarded', ['Content-Length: 5']],
    ['streamed', []],
  ])('X-Accel-Redirect of a %s result sends an internal file', async (_, framing) => {
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
    expect(await differences(comparison, { result })).toEqual([]);
    const { offloaded } = await comparison.offloaded(result);
    expect(offloaded.body.toString()).toContain('js_import offload');
    expect(offloaded.lines).toEqual(
      expect.arrayContaining(['Content-Type: text/x-conf', 'Set-Cookie: a=1', 'Set-Cookie: b=2']),
    );
  });

  test('X-Accel-Redirect to a missing file is a 404', async () => {
    const result = script(['X-Accel-Redirect: /protected/nothing']);
    expect(await differences(comparison, { result })).toEqual([]);
    expect((await comparison.offloaded(result)).offloaded.status).toBe(404);
  });

  test('the other X-Accel headers have their effect and are not sent to the client', async () => {
    const others = {
      Expires: script(['X-Accel-Expires: 5']),
      Buffering: script(['X-Accel-Buffering: no']),
      Rate: script(['X-Accel-Limit-Rate: 100000']),
      Charset: script(['X-Accel-Charset: koi8-r', 'Content-Type: text/html']),
      'no charset': script(['X-Accel-Charset: off', 'Content-Type: text/html']),
      streamed: script(['X-Accel-Charset: koi8-r', 'Content-Type: text/html'], []),
    };
    expect(await differences(comparison, others)).toEqual([]);
    for (const other of Object.values(others)) {
      const { offloaded } = await comparison.offloaded(other);
      expect(offloaded.lines.join()).not.toContain('X-Accel');
    }
  });
});
