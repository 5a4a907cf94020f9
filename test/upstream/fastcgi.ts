/**
 * The records of FastCGI that an answer is made of.
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

/** A piece of an answer; nginx wants its status in a header. */
export function standardOutput(piece: string | Buffer): Buffer {
  const text = Buffer.from(piece)
    .toString('latin1')
    .replace(/^HTTP\/1\.1 /, 'Status: ');
  return record(STDOUT, Buffer.from(text, 'latin1'));
}

/** An answer that ends without it broke off. */
export function endOfRequest(): Buffer {
  return Buffer.concat([record(STDOUT, Buffer.alloc(0)), record(END_REQUEST, Buffer.alloc(8))]);
}
