/** Slow calls, and whether their answers are right. */

import http, { type Response } from 'k6/http';
import { readExpected } from './expected.ts';
import { readRequest } from './request.ts';
import type { Env } from './variables.ts';

/** Kinds of wrong answers. */
export const KINDS = ['status', 'body', 'swapped', 'timeout', 'connection'] as const;

export interface Result {
  /** Unset: right. */
  wrong?: (typeof KINDS)[number];
  received: string;
  /** ms beyond the length of the work. */
  added: number;
}

/** Those of the variables of the request and of its expected answer. */
export function readCalls(env: Env) {
  const request = readRequest(env);
  const isExpected = readExpected(env);
  const { url, method, status, timeout } = request;
  /**
   * @param run the prefix of the ids of this run
   * @param number of the job, from 0
   * @param limit ms after which the client disconnects
   */
  const make = (run: string, number: number, limit = timeout): Result => {
    const id = `${run}-${number}`;
    const length = request.lengthOf(number);
    const [target, sent] = [request.urlOf(id, length), request.bodyOf(id, length)];
    const headers = request.headersOf(id, length);
    let response: Response;
    try {
      const params = { headers, timeout: limit, redirects: 0, tags: { name: url } };
      response = http.request(method, target, sent, params);
    } catch (error) {
      const received = String(error);
      const isLate = received.includes('request timeout');
      return { wrong: isLate ? 'timeout' : 'connection', received, added: 0 };
    }
    const body = String(response.body ?? '');
    const received = `${response.status}: ${body}`;
    if (response.status !== status) {
      return { wrong: 'status', received, added: 0 };
    }
    if (!isExpected(body, id, length)) {
      const ids = received.match(new RegExp(`${run}-\\d+`, 'g')) ?? [];
      const isOther = ids.some((found) => found !== id);
      return { wrong: isOther ? 'swapped' : 'body', received, added: 0 };
    }
    // blocked includes the time to connect
    const { blocked, duration } = response.timings;
    return { received, added: blocked + duration - length };
  };
  return { ...request, make };
}
