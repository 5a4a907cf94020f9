/** A client of a huge body, which it checks as it comes and never holds. */

import http from 'node:http';
import { MIB, PatternCheck } from '../upstream/pattern';

export interface Reading {
  method?: string;
  body?: string;
  /** What to wait for once the first MiB is read, and before the rest is. */
  pause?: () => Promise<void>;
}

/** @returns the length of the body; fails where it is not the pattern to the bit */
export async function readPattern(port: number, path: string, reading: Reading = {}) {
  const { method = 'GET', body, pause } = reading;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http
      .request({ host: '127.0.0.1', port, path, method, agent: false })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  if (response.statusCode !== 200) {
    throw new Error(`the answer is a ${response.statusCode}`);
  }
  const check = new PatternCheck();
  let isPaused = false;
  for await (const piece of response) {
    check.read(piece);
    if (pause !== undefined && !isPaused && check.length > MIB) {
      isPaused = true;
      await pause();
    }
  }
  return check.length;
}
