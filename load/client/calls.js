/** One call of a slow route, and whether its response is correct. */

import http from 'k6/http';
import { readExpected } from './expected.js';
import { lengthOf } from './lengths.js';
import { fill } from './template.js';
import { count, duration, text } from './variables.js';

/** Kinds of wrong responses. */
export const KINDS = ['status', 'body', 'swapped', 'timeout', 'connection'];

/**
 * Reads the request (URL, METHOD, BODY, HEADERS, JOB, SPREAD, TIMEOUT) and the expected response
 * (STATUS, EXPECT…).
 * @param {Record<string, string | undefined>} env
 */
export function readCalls(env) {
  const url = text(env, 'URL', 'http://127.0.0.1:8080/work?job={id}&length={length}');
  const method = text(env, 'METHOD', 'GET');
  const body = env.BODY;
  const headers = text(env, 'HEADERS', '{}');
  const job = duration(env, 'JOB', '10s');
  const spread = duration(env, 'SPREAD', '0s');
  const timeout = duration(env, 'TIMEOUT', '60s');
  const status = count(env, 'STATUS', '200');
  const isExpected = readExpected(env);

  readHeaders(headers, 'id', 1);
  const sendsLength = `${url}${body ?? ''}${headers}`.includes('{length}');
  if (!sendsLength && (env.JOB === undefined || spread > 0)) {
    throw new Error(
      spread > 0
        ? `SPREAD=${env.SPREAD}: has no effect, as URL, BODY and HEADERS have no {length}`
        : 'JOB: is required, as URL, BODY and HEADERS have no {length}',
    );
  }
  if (spread > job) {
    throw new Error(`SPREAD=${env.SPREAD}: longer than JOB`);
  }
  if (timeout <= job + spread) {
    throw new Error(
      `TIMEOUT=${text(env, 'TIMEOUT', '60s')}: not longer than the work, JOB + SPREAD`,
    );
  }

  return {
    url,
    job,
    spread,
    timeout,
    /** @param {number} number of the job, from 0 */
    lengthOf: (number) => lengthOf(number, job, spread),
    /** @param {string} id */
    headersOf: (id) => readHeaders(headers, id, job),

    /**
     * @param {string} run the prefix of the ids of this run
     * @param {number} number of the job, from 0
     * @param {number} limit ms after which the client disconnects
     * @returns {{ wrong?: string, received: string, added: number }} added: ms beyond the work's length
     */
    make(run, number, limit = timeout) {
      const id = `${run}-${number}`;
      const length = lengthOf(number, job, spread);
      let response;
      try {
        response = http.request(
          method,
          fill(url, id, length),
          body === undefined ? null : fill(body, id, length),
          {
            headers: readHeaders(headers, id, length),
            timeout: limit,
            redirects: 0,
            tags: { name: url },
          },
        );
      } catch (error) {
        const received = String(error);
        return {
          wrong: received.includes('request timeout') ? 'timeout' : 'connection',
          received,
          added: 0,
        };
      }
      const received = `${response.status}: ${response.body ?? ''}`;
      if (response.status !== status) {
        return { wrong: 'status', received, added: 0 };
      }
      if (!isExpected(response.body ?? '', id, length)) {
        return { wrong: hasOtherId(received, run, id) ? 'swapped' : 'body', received, added: 0 };
      }
      // blocked includes the time to connect
      const { blocked, duration } = response.timings;
      return { received, added: blocked + duration - length };
    },
  };
}

/**
 * @param {string} received
 * @param {string} run
 * @param {string} id
 */
function hasOtherId(received, run, id) {
  return [...received.matchAll(new RegExp(`${run}-\\d+`, 'g'))].some(([found]) => found !== id);
}

/**
 * @param {string} headers as JSON
 * @param {string} id
 * @param {number} length ms
 */
function readHeaders(headers, id, length) {
  try {
    return JSON.parse(fill(headers, id, length));
  } catch (error) {
    throw new Error(`HEADERS=${headers}: not JSON, for example {"X-Key": "1"}: ${error}`);
  }
}
