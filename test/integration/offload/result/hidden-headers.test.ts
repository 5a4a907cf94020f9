/** Headers not sent to the client: internal ones, hop-by-hop ones, and those hidden by a user. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison } from '../../../../testkit/clients/comparison';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

/** Results with a Content-Length are forwarded by njs, others are streamed by nginx. */
const KINDS = ['forwarded', 'streamed'] as const;

const script = (lines: string[], kind: (typeof KINDS)[number]): Script => {
  const length = kind === 'forwarded' ? ['Content-Length: 5'] : [];
  return { pieces: [['HTTP/1.1 200 OK', ...lines, ...length, '', 'body\n'].join('\r\n')] };
};

describe.each(matrix)(onRelease, (release) => {
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release, {
      http: 'proxy_hide_header X-Hidden-By-Http;',
    });
  });

  afterAll(() => comparison?.stop());

  const names = async (lines: string[], kind: (typeof KINDS)[number]) => {
    const { direct, offloaded } = await comparison.pair(script([...lines, 'X-Kept: 1'], kind));
    const namesOf = ({ lines: all }: typeof direct) => all.map((line) => line.split(':')[0]);
    const framing = kind === 'forwarded' ? 'Content-Length' : 'Transfer-Encoding';
    return { framing, direct: namesOf(direct), offloaded: namesOf(offloaded) };
  };

  test.each(KINDS)(
    'internal headers are removed from a %s result, and from a response that is not offloaded',
    async (kind) => {
      const { framing, direct, offloaded } = await names(
        [
          'X-OffloadToPoller-Url: /x',
          'X-OffloadToPoller-Args: 7',
          'X-Offload-Cancel: 1',
          'X-Offload-Outcome: timeout',
        ],
        kind,
      );
      expect(offloaded).toEqual([framing, 'X-Kept']);
      expect(direct).toEqual([framing, 'X-Kept']);
    },
  );

  test.each(KINDS)('proxy_hide_header in http {} applies to a %s result', async (kind) => {
    const { framing, direct, offloaded } = await names(['X-Hidden-By-Http: 1'], kind);
    expect(offloaded).toEqual([framing, 'X-Kept']);
    expect(direct).toEqual([framing, 'X-Kept']);
  });

  test('hop-by-hop headers are removed from a forwarded result', async () => {
    const hopByHop = [
      'Connection: close, X-Named',
      'X-Named: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: close',
      'TE: trailers',
      'Trailer: X-T',
      'Upgrade: h2c',
    ];
    expect(await names(hopByHop, 'forwarded')).toMatchObject({
      offloaded: ['Content-Length', 'X-Kept'],
    });
    // nginx removes Connection and Keep-Alive only
    const { direct, offloaded } = await names(hopByHop, 'streamed');
    expect(offloaded).toEqual(direct);
    expect(direct).not.toContain('Keep-Alive');
  });

  describe('with proxy_hide_header in server {}', () => {
    let hiding: Comparison;

    beforeAll(async () => {
      hiding = await Comparison.start(release, { server: 'proxy_hide_header X-Powered-By;' });
    });

    afterAll(() => hiding?.stop());

    test.each(KINDS)('the header is removed from a %s result', async (kind) => {
      const { direct, offloaded } = await hiding.pair(
        script(['X-Powered-By: PHP', 'X-Kept: 1'], kind),
      );
      expect(direct.lines.join()).not.toContain('X-Powered-By');
      expect(offloaded).toEqual(direct);
      expect(offloaded.lines).toContain('X-Kept: 1');
    });

    test('internal headers are still removed from a forwarded result', async () => {
      const { offloaded } = await hiding.offloaded(
        script(['X-OffloadToPoller-Url: /x', 'X-Offload-Outcome: timeout'], 'forwarded'),
      );
      expect(offloaded.lines).toEqual(['Content-Length: 5']);
    });
  });
});
