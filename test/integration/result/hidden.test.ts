/** Headers that no client gets, and those that a user hides. */

import { BothWays } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

/** What njs hands on has a Content-Length, what nginx streams has none. */
const WAYS = ['handed on', 'streamed'] as const;

const script = (lines: string[], way: (typeof WAYS)[number]): Script => {
  const length = way === 'handed on' ? ['Content-Length: 5'] : [];
  return { pieces: [['HTTP/1.1 200 OK', ...lines, ...length, '', 'body\n'].join('\r\n')] };
};

describe.each(matrix)(onRelease, (release) => {
  let ways: BothWays;

  beforeAll(async () => {
    ways = await BothWays.start(release, {
      http: 'proxy_hide_header X-Hidden-By-Http;',
    });
  });

  afterAll(() => ways?.stop());

  const names = async (lines: string[], way: (typeof WAYS)[number]) => {
    const { direct, offloaded } = await ways.pair(script([...lines, 'X-Kept: 1'], way));
    const named = ({ lines: all }: typeof direct) => all.map((line) => line.split(':')[0]);
    const framing = way === 'handed on' ? 'Content-Length' : 'Transfer-Encoding';
    return { framing, direct: named(direct), offloaded: named(offloaded) };
  };

  test.each(WAYS)(
    'a result %s has none of what the app tells nginx, nor has an answer that is not offloaded',
    async (way) => {
      const { framing, direct, offloaded } = await names(
        [
          'X-OffloadToPoller-Url: /x',
          'X-OffloadToPoller-Args: 7',
          'X-Offload-Cancel: 1',
          'X-Offload-Outcome: timeout',
        ],
        way,
      );
      expect(offloaded).toEqual([framing, 'X-Kept']);
      expect(direct).toEqual([framing, 'X-Kept']);
    },
  );

  test.each(WAYS)('a result %s has none that http {} hides', async (way) => {
    const { framing, direct, offloaded } = await names(['X-Hidden-By-Http: 1'], way);
    expect(offloaded).toEqual([framing, 'X-Kept']);
    expect(direct).toEqual([framing, 'X-Kept']);
  });

  test('a result that is handed on has none of its connection’s', async () => {
    const ofConnection = [
      'Connection: close, X-Named',
      'X-Named: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: close',
      'TE: trailers',
      'Trailer: X-T',
      'Upgrade: h2c',
    ];
    expect(await names(ofConnection, 'handed on')).toMatchObject({
      offloaded: ['Content-Length', 'X-Kept'],
    });
    // nginx drops Connection and Keep-Alive, and passes on the others
    const { direct, offloaded } = await names(ofConnection, 'streamed');
    expect(offloaded).toEqual(direct);
    expect(direct).not.toContain('Keep-Alive');
  });

  describe('where a server hides headers of its own', () => {
    let hiding: BothWays;

    beforeAll(async () => {
      hiding = await BothWays.start(release, { server: 'proxy_hide_header X-Powered-By;' });
    });

    afterAll(() => hiding?.stop());

    test.each(WAYS)('they are hidden of a result %s too', async (way) => {
      const { direct, offloaded } = await hiding.pair(
        script(['X-Powered-By: PHP', 'X-Kept: 1'], way),
      );
      expect(direct.lines.join()).not.toContain('X-Powered-By');
      expect(offloaded).toEqual(direct);
      expect(offloaded.lines).toContain('X-Kept: 1');
    });

    test('a result that is handed on still has none of what the app tells nginx', async () => {
      const { offloaded } = await hiding.offloaded(
        script(['X-OffloadToPoller-Url: /x', 'X-Offload-Outcome: timeout'], 'handed on'),
      );
      expect(offloaded.lines).toEqual(['Content-Length: 5']);
    });
  });
});
