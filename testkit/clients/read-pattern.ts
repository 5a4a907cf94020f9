/** A client that checks a large body while receiving it, without buffering it. */

import http from 'node:http';
import { MIB, PatternCheck } from '../apps/pattern';

export interface Reading {
  method?: string;
  body?: string;
  /** Called after the first MiB; the rest is read when its promise is resolved. */
  pause?: () => Promise<void>;
}

/** @returns the length of the body; throws if the body is not the pattern */
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
    throw new Error(`status ${response.statusCode}`);
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
