/** What nginx tells itself over a private connection is nginx's own word, whatever headers an app's answer has. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { ends, onRelease } from '../../../../testkit/servers/nginx';

/** A name that nginx itself reads, and names that an app may expect them to. */
const NAMES = ['X-Pad', 'X-Offload-Pause', 'X-Offload-Outcome'];

/** What nginx may say: the number of a pause of half an hour, the ends of a wait; and what leads out of a URI. */
const WORDS = ['250', 'timeout', 'timeout_in_poll', 'refused', 'long_header', '../paused'];

/** It has no Content-Length, so that it is requested once more and streamed. */
const STREAMED: Script = { pieces: ['HTTP/1.1 200 OK\r\n\r\ncomplete'] };

/** Larger than the memory of a poll: the waiter polls once more in place, and has it streamed there. */
const IN_PLACE: Script = {
  pieces: [`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 21}\r\n\r\n${'x'.repeat(2 ** 21)}`],
};

/** @param count of the lines of each name: nginx 1.23 and newer makes one list of them */
function answer(status: number, word: string, count: number): Script {
  const lines = NAMES.flatMap((name) => Array<string>(count).fill(`${name}: ${word}`));
  const head = [`HTTP/1.1 ${status} x`, ...lines, 'Content-Length: 0', '', ''];
  return { pieces: [head.join('\r\n')] };
}

/** The script, but for one request, numbered from 0. */
function instead(script: Script, number: number, other: Script): Script {
  return number === 0
    ? { ...other, next: script }
    : { ...script, next: instead(script, number - 1, other) };
}

// proxy_pass hides X-Pad of an app by default, and no other protocol does
describe.each(ends)(onRelease, (release) => {
  describe.each(['proxy', 'uwsgi'] as const)('%s_pass', (protocol) => {
    let comparison: Comparison;

    beforeAll(async () => {
      // these replace the lists of http.conf
      const hidden = `proxy_hide_header X-Other; uwsgi_hide_header X-Other;`;
      const parts = { server: hidden, waiter: hidden, location: 'set $offload_timeout 30s;' };
      comparison = await Comparison.start(release, parts, protocol);
    });

    afterAll(() => comparison?.stop());

    const ofEachWord = (script: Script, number: number, status: number) =>
      Promise.all(
        [...WORDS, ...WORDS].map(async (word, i) => {
          const started = Date.now();
          const other = answer(status, word, i < WORDS.length ? 1 : 2);
          const { offloaded, requests } = await comparison.offloaded(
            instead(script, number, other),
          );
          const isSoon = Date.now() - started < 15_000;
          return {
            word,
            status: offloaded.status,
            length: offloaded.body.length,
            isSoon,
            requests,
          };
        }),
      );

    test.each([425, 502, 503, 504])(
      'a %i in place of a streamed result is a failed attempt, whatever it says',
      async (status) => {
        for (const its of await ofEachWord(STREAMED, 1, status)) {
          expect(its).toMatchObject({ status: 200, length: 'complete'.length, isSoon: true });
          expect(its.requests).toBeGreaterThan(2);
        }
      },
    );

    test.each([425, 502, 503, 504])(
      'so is a %i in place of one that is streamed by the waiter itself',
      async (status) => {
        for (const its of await ofEachWord(IN_PLACE, 2, status)) {
          expect(its).toMatchObject({ status: 200, length: 2 ** 21, isSoon: true });
          expect(its.requests).toBeGreaterThan(3);
        }
      },
    );

    test('a client sees nothing of what nginx tells itself', async () => {
      expect(await differences(comparison, { STREAMED, IN_PLACE })).toEqual([]);
    });
  });
});
