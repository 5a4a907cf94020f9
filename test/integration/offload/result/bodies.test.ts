/** Bodies are byte-identical, with the same framing as without the offload. */

import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
/** subrequest_output_buffer_size in waiter.conf: larger results are streamed. */
const MB = 1024 * 1024;

const bodies: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  'of one byte': Buffer.from('x'),
  'of every byte': everyByte,
  'of NUL bytes': Buffer.alloc(10),
  'of invalid UTF-8': Buffer.from([0xc3, 0x28, 0xe2, 0x82, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
  'like a response head': Buffer.from('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'),
  'of line ends': Buffer.from('\r\n\r\n\n\r'),
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
  'that end with the connection': (body) => ({ pieces: ['HTTP/1.1 200 OK\r\n\r\n', body] }),
};

/** Chunks of 1, 2, 4 bytes and so on, up to 64 KB. */
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
  let comparison: Comparison;

  beforeAll(async () => {
    comparison = await Comparison.start(release);
  });

  afterAll(() => comparison?.stop());

  test.each(Object.entries(framings))('bodies %s', async (_, framed) => {
    const scripts = Object.entries(bodies).map(([name, body]) => [name, framed(body)]);
    expect(await differences(comparison, Object.fromEntries(scripts))).toEqual([]);
  });

  test('encoded bodies are unchanged', async () => {
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
      'invalid gzip': encoded('gzip', everyByte),
    };
    expect(await differences(comparison, scripts)).toEqual([]);
  });

  test('a body with a Content-Length of up to 1 MB is requested once, without one twice', async () => {
    const requests = async (framing: string, body: string) =>
      (
        await comparison.offloaded(
          (framings[framing] as (b: Buffer) => Script)(bodies[body] as Buffer),
        )
      ).requests;
    expect(await requests('with a Content-Length', 'of every byte')).toBe(1);
    expect(await requests('with a Content-Length', 'of 1 MB')).toBe(1);
    expect(await requests('in chunks', 'of every byte')).toBe(2);
    expect(await requests('that end with the connection', 'of every byte')).toBe(2);
  });
});
