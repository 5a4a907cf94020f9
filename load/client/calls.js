/** One call of a slow route, and whether its answer is the right one. */

import http from 'k6/http';
import { readExpected } from './expected.js';
import { lengthOf } from './lengths.js';
import { fill } from './template.js';
import { count, duration, text } from './variables.js';

/** What may be wrong with an answer. */
export const KINDS = ['status', 'body', 'swapped', 'timeout', 'connection'];

/**
 * What is asked: URL, METHOD, BODY, HEADERS, JOB, SPREAD, TIMEOUT; and expected: STATUS, EXPECT.
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
  const isRight = readExpected(env);

  readHeaders(headers, 'id', 1);
  const saysLength = `${url}${body ?? ''}${headers}`.includes('{length}');
  if (!saysLength && (env.JOB === undefined || spread > 0)) {
    throw new Error(
      spread > 0
        ? `SPREAD=${env.SPREAD}: has no effect, as neither URL, BODY nor HEADERS has {length}`
        : 'JOB: how long does the work take? Neither URL, BODY nor HEADERS has {length} for it',
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
     * @param {string} run what the ids of this run begin with
     * @param {number} number of the job, from 0
     * @param {number} patience ms after which the client leaves
     * @returns {{ wrong?: string, said: string, added: number }} added: ms beyond the work's own
     */
    make(run, number, patience = timeout) {
      const id = `${run}-${number}`;
      const length = lengthOf(number, job, spread);
      let answer;
      try {
        answer = http.request(
          method,
          fill(url, id, length),
          body === undefined ? null : fill(body, id, length),
          {
            headers: readHeaders(headers, id, length),
            timeout: patience,
            redirects: 0,
            tags: { name: url },
          },
        );
      } catch (error) {
        const said = String(error);
        return {
          wrong: said.includes('request timeout') ? 'timeout' : 'connection',
          said,
          added: 0,
        };
      }
      const said = `${answer.status}: ${answer.body ?? ''}`;
      if (answer.status !== status) {
        return { wrong: 'status', said, added: 0 };
      }
      if (!isRight(answer.body ?? '', id, length)) {
        return { wrong: namesAnother(said, run, id) ? 'swapped' : 'body', said, added: 0 };
      }
      // blocked: until there is a connection, so with the time to connect
      const { blocked, duration } = answer.timings;
      return { said, added: blocked + duration - length };
    },
  };
}

/**
 * @param {string} said
 * @param {string} run
 * @param {string} id
 */
function namesAnother(said, run, id) {
  return [...said.matchAll(new RegExp(`${run}-\\d+`, 'g'))].some(([named]) => named !== id);
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
    throw new Error(`HEADERS=${headers}: not JSON, such as {"X-Key": "1"}: ${error}`);
  }
}
