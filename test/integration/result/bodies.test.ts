/** Bodies arrive byte for byte, framed as they would be without offloading. */

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { BothWays, differing } from '../../harness/both-ways';
import { matrix, onRelease } from '../../harness/nginx';
import type { Script } from '../../upstream/scripted';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
/** subrequest_output_buffer_size of waiter.conf: more is never in the memory of a poll. */
const MB = 1024 * 1024;

const bodies: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  'of one byte': Buffer.from('x'),
  'of every byte': everyByte,
  'of NUL': Buffer.alloc(10),
  'of broken UTF-8': Buffer.from([0xc3, 0x28, 0xe2, 0x82, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
  'like a head': Buffer.from('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'),
  'with line ends alone': Buffer.from('\r\n\r\n\n\r'),
  'of 1 MB less a byte': repeated(MB - 1),
  'of 1 MB': repeated(MB),
  'of 1 MB and a byte': repeated(MB + 1),
};

function repeated(length: number): Buffer {
  return Buffer.alloc(length, everyByte);
}

const framings: Record<string, (body: Buffer) => Script> = {
  'with a Content-Length': (body) => ({
    pieces: [`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`, body],
  }),
  'in chunks': (body) => ({
    pieces: ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunked(body)],
  }),
  'that end with their connection': (body) => ({ pieces: ['HTTP/1.1 200 OK\r\n\r\n', body] }),
};

/** Of 1 byte, 2, 4 and so on, up to 64 KB. */
function chunked(body: Buffer): Buffer {
  const parts: (Buffer | string)[] = [];
  let size = 1;
  for (let at = 0; at < body.length; at += size, size = Math.min(size * 2, 65_536)) {
    const chunk = body.subarray(at, at + size);
    parts.push(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
    size = chunk.length;
  }
  return Buffer.concat([...parts, '0\r\n\r\n'].map((part) => Buffer.from(part)));
}

describe.each(matrix)(onRelease, (release) => {
  let ways: BothWays;

  beforeAll(async () => {
    ways = await BothWays.start(release);
  });

  afterAll(() => ways?.stop());

  test.each(Object.entries(framings))('bodies %s', async (_, framed) => {
    const scripts = Object.entries(bodies).map(([name, body]) => [name, framed(body)]);
    expect(await differing(ways, Object.fromEntries(scripts))).toEqual([]);
  });

  test('encoded bodies, untouched', async () => {
    const encoded = (encoding: string, body: Buffer): Script => ({
      pieces: [
        `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`,
        body,
      ],
    });
    const text = Buffer.from('a receipt\n'.repeat(100));
    const scripts = {
      gzip: encoded('gzip', gzipSync(text)),
      br: encoded('br', brotliCompressSync(text)),
      'not what it says': encoded('gzip', everyByte),
    };
    expect(await differing(ways, scripts)).toEqual([]);
  });

  test('a body with a Content-Length is asked for once, up to 1 MB; one without twice', async () => {
    const asked = async (framing: string, body: string) =>
      (await ways.offloaded((framings[framing] as (b: Buffer) => Script)(bodies[body] as Buffer)))
        .asked;
    expect(await asked('with a Content-Length', 'of every byte')).toBe(1);
    expect(await asked('with a Content-Length', 'of 1 MB')).toBe(1);
    expect(await asked('in chunks', 'of every byte')).toBe(2);
    expect(await asked('that end with their connection', 'of every byte')).toBe(2);
  });
});
