/**
 * The FastCGI records of a response.
 *
 * @see https://fastcgi-archives.github.io/FastCGI_Specification.html
 */

const VERSION = 1;
const END_REQUEST = 3;
const STDOUT = 6;

function record(type: number, content: Buffer): Buffer {
  const header = Buffer.from([VERSION, type, 0, 1, 0, 0, 0, 0]);
  header.writeUInt16BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** A part of a response; the status line is replaced by the header Status. */
export function standardOutput(piece: string | Buffer): Buffer {
  const text = Buffer.from(piece)
    .toString('latin1')
    .replace(/^HTTP\/1\.1 /, 'Status: ');
  return record(STDOUT, Buffer.from(text, 'latin1'));
}

/** The end of a complete response. */
export function endOfRequest(): Buffer {
  return Buffer.concat([record(STDOUT, Buffer.alloc(0)), record(END_REQUEST, Buffer.alloc(8))]);
}
