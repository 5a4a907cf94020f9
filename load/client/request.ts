/** The request of a slow call: URL, METHOD, HEADERS, BODY, how long its work takes, and how long a client waits. */

import { lengthOf, workOf } from './lengths.ts';
import { fill } from './template.ts';
import { count, duration, type Env, text } from './variables.ts';

/** Times in ms. */
export function readRequest(env: Env) {
  const url = text(env, 'URL', 'http://127.0.0.1:8080/work?job={id}&length={length}');
  const method = text(env, 'METHOD', 'GET');
  const body = env.BODY;
  const headers = text(env, 'HEADERS', '{}');
  const job = duration(env, 'JOB', '10s');
  const spread = duration(env, 'SPREAD', '0s');
  const timeout = duration(env, 'TIMEOUT', '60s');
  const status = count(env, 'STATUS', '200');

  readHeaders(headers, 'id', 1);
  if (!`${url}${body ?? ''}${headers}`.includes('{length}')) {
    const why = 'as URL, BODY and HEADERS have no {length}';
    if (spread > 0) {
      throw new Error(`SPREAD=${env.SPREAD}: has no effect, ${why}`);
    }
    if (env.JOB === undefined) {
      throw new Error(`JOB: is required, ${why}`);
    }
  }
  if (spread > job) {
    throw new Error(`SPREAD=${env.SPREAD}: longer than JOB`);
  }
  if (timeout <= job + spread) {
    throw new Error(`TIMEOUT=${env.TIMEOUT ?? '60s'}: not longer than the work, JOB + SPREAD`);
  }
  return {
    ...{ url, method, job, spread, timeout, status },
    work: workOf({ job, spread }),
    /** @param number of the job, from 0 */
    lengthOf: (number: number) => lengthOf(number, job, spread),
    urlOf: (id: string, length: number) => fill(url, id, length),
    bodyOf: (id: string, length: number) => (body === undefined ? null : fill(body, id, length)),
    headersOf: (id: string, length: number) => readHeaders(headers, id, length),
  };
}

function readHeaders(headers: string, id: string, length: number): Record<string, string> {
  try {
    return JSON.parse(fill(headers, id, length));
  } catch (error) {
    throw new Error(`HEADERS=${headers}: not JSON, for example {"X-Key": "1"}: ${error}`);
  }
}
