/** Header lines are the same as without the offload: complete, in order, byte-identical. */

import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

/** UTF-8 bytes as a latin1 string. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1');

const results: Record<string, string[]> = {
  'no Content-Type': [],
  'an empty Content-Type': ['Content-Type:'],
  'a charset': ['Content-Type: text/html; charset=utf-8'],
  'a quoted charset': ['Content-Type: text/html; charset="UTF-8"; x=y'],
  'names in lower case': ['content-type: text/x', 'x-lower: 1', 'set-cookie: a', 'etag: "x"'],
  cookies: ['Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2; HttpOnly', 'Set-Cookie: a=3'],
  ETag: ['ETag: "abc"'],
  'a weak ETag': ['ETag: W/"abc"'],
  dates: ['Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT', 'Expires: -1'],
  'caching headers': [
    'Age: 5',
    'Cache-Control: no-cache',
    'Cache-Control: private',
    'Pragma: no-cache',
  ],
  Vary: ['Vary: Accept', 'Vary: Cookie', 'Vary: *'],
  Link: ['Link: </a>; rel=preload', 'Link: </b>; rel=next'],
  'WWW-Authenticate': ['WWW-Authenticate: Basic realm="x"', 'WWW-Authenticate: Bearer'],
  'a file name in UTF-8': [utf8('Content-Disposition: attachment; filename="ä€😀.txt"')],
  'a file name in latin1': ['Content-Disposition: attachment; filename="\xe4\xff.txt"'],
  'latin1 in a Content-Type': ['Content-Type: text/plain; name="\xe4"'],
  'a control character in a Content-Type': ['Content-Type: text/plain; name="\x01"'],
  'U+FFFD': [utf8('X-Is: \ufffd')],
  Refresh: ['Refresh: 5; url=/x'],
  'Retry-After': ['Retry-After: 120'],
  Warning: ['Warning: 199 - "x"', 'Warning: 299 - "y"'],
  'content headers': ['Content-Language: de', 'Content-Location: /a', 'Content-MD5: abc'],
  'security headers': ['Content-Security-Policy: a', 'Content-Security-Policy: b', 'Via: 1.1 x'],
  'Accept-Ranges': ['Accept-Ranges: bytes'],
  'repeated custom headers': ['X-A: 1', 'X-A: 2', 'X-A: 1', 'X-B: 3'],
  'an empty header': ['X-Empty:', 'X-After: 1'],
  'commas and tabs': ['X-Comma: a, b,c;d', 'X-Tab: a\tb  c'],
  'control characters': ['X-Control: a\x01b\x7fc'],
  'property names of JavaScript': ['__proto__: 1', 'constructor: 2', 'length: 3', '12: 4'],
  'names with an underscore': ['X_Under: 1'],
  'names with a dot': ['X.Dot: 1'],
  'a status': ['Status: 201'],
  'two encodings': ['Content-Encoding: gzip', 'Content-Encoding: br'],
  'a hundred headers': Array.from({ length: 100 }, (_, i) => `X-H${99 - i}: ${i}`),
  'a long header': [`X-Long: ${'x'.repeat(3000)}`],
};

const script = (lines: string[]): Script => ({
  pieces: [
    Buffer.from(
      ['HTTP/1.1 200 OK', ...lines, 'Content-Length: 5', '', 'body\n'].join('\r\n'),
      'latin1',
    ),
  ],
});

describe.each(matrix)(onRelease, (release) => {
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release);
  });

  afterAll(() => comparison?.stop());

  test('all headers are unchanged', async () => {
    const scripts = Object.entries(results).map(([name, lines]) => [name, script(lines)]);
    expect(await differences(comparison, Object.fromEntries(scripts))).toEqual([]);
  });

  test('Content-Range with 206, Location with 201 and Allow with 405 are unchanged', async () => {
    const scripts = {
      206: 'HTTP/1.1 206 P\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\n\r\nbody\n',
      201: 'HTTP/1.1 201 C\r\nLocation: /made/1\r\nContent-Length: 5\r\n\r\nmade\n',
      away: 'HTTP/1.1 201 C\r\nLocation: https://elsewhere/1\r\nContent-Length: 0\r\n\r\n',
      405: 'HTTP/1.1 405 N\r\nAllow: GET\r\nAllow: PUT\r\nContent-Length: 0\r\n\r\n',
    };
    const each = Object.entries(scripts).map(([name, text]) => [name, { pieces: [text] }]);
    expect(await differences(comparison, Object.fromEntries(each))).toEqual([]);
  });

  test('repeated headers are grouped, in their order', async () => {
    const { offloaded } = await comparison.offloaded(script(['X-A: 1', 'X-B: 2', 'x-a: 3']));
    expect(offloaded.lines.slice(1)).toEqual(['X-A: 1', 'X-A: 3', 'X-B: 2']);
  });

  test('a result whose headers njs can write is requested once', async () => {
    const { requests } = await comparison.offloaded(
      script(['Set-Cookie: a=1', 'Content-Type: text/x']),
    );
    expect(requests).toBe(1);
  });
});
