/** A client that returns the response as received. */

import net from 'node:net';

export interface RawAnswer {
  status: number;
  /**
   * The header lines in their order and case, decoded as latin1, without Date, Server and Connection,
   * which nginx sets.
   */
  lines: string[];
  /** Without chunked framing. */
  body: Buffer;
  /** The framing of the body; CUT OFF if it is incomplete, which can't be detected for `until close`. */
  end: 'length' | 'chunked' | 'until close' | 'no body' | 'CUT OFF';
}

/** Set by nginx in each response. */
const SET_BY_NGINX = /^(date|server|connection):/i;

/** Sends one request on a new connection, and reads until the server closes it. */
export function rawCall(port: number, path: string, method = 'GET'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    socket.on('data', (data) => received.push(data));
    socket.on('error', () => {}); // a reset also ends the response
    socket.on('close', () => {
      const answer = readAnswer(Buffer.concat(received), method);
      answer === undefined ? reject(new Error(`${path}: no response`)) : resolve(answer);
    });
  });
}

function readAnswer(bytes: Buffer, method: string): RawAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    return undefined;
  }
  const [first = '', ...all] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const lines = all.filter((line) => !SET_BY_NGINX.test(line));
  const status = Number(first.split(' ')[1]);
  const rest = bytes.subarray(headEnd + 4);
  const length = headerOf(lines, 'content-length');
  if (method === 'HEAD' || status === 204 || status === 304) {
    return { status, lines, body: rest, end: 'no body' };
  }
  if (headerOf(lines, 'transfer-encoding') === 'chunked') {
    const { body, isWhole } = readChunks(rest);
    return { status, lines, body, end: isWhole ? 'chunked' : 'CUT OFF' };
  }
  if (length !== undefined) {
    return {
      status,
      lines,
      body: rest,
      end: rest.length === Number(length) ? 'length' : 'CUT OFF',
    };
  }
  return { status, lines, body: rest, end: 'until close' };
}

function headerOf(lines: string[], lowerCase: string): string | undefined {
  const line = lines.find((text) => text.toLowerCase().startsWith(`${lowerCase}:`));
  return line?.slice(lowerCase.length + 1).trim();
}

function readChunks(bytes: Buffer): { body: Buffer; isWhole: boolean } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const sizeEnd = bytes.indexOf('\r\n', at);
    const size =
      sizeEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, sizeEnd), 16);
    if (!(size > 0)) {
      const isWhole = size === 0 && bytes.subarray(sizeEnd).equals(Buffer.from('\r\n\r\n'));
      return { body: Buffer.concat(chunks), isWhole };
    }
    chunks.push(bytes.subarray(sizeEnd + 2, sizeEnd + 2 + size));
    at = sizeEnd + 2 + size + 2;
  }
}
