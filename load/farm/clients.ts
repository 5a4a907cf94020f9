/** Sends requests at given times, independent of earlier responses (open model). */

import http from 'node:http';
import type { Arrival } from './arrivals';

export interface Answered extends Arrival {
  /** ms from the request to the end of the response. */
  ms: number;
}

/**
 * @param kind of work, a path of app.py
 * @returns the responses, in the order of the arrivals; fails if a status is not 200
 */
export async function sendRequests(
  port: number,
  system: string,
  kind: 'wait' | 'cpu',
  all: Arrival[],
): Promise<Answered[]> {
  const started = performance.now();
  const answers: Promise<Answered>[] = [];
  for (const arrival of all) {
    const wait = started + arrival.at - performance.now();
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    const answer = get(port, `/${system}/${kind}?ms=${arrival.work}`);
    answers.push(answer.then((ms) => ({ ...arrival, ms })));
    // failures are reported by Promise.all below
    answer.catch(() => {});
  }
  return Promise.all(answers);
}

function get(port: number, path: string): Promise<number> {
  const sent = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        response.resume();
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) {
            resolve(performance.now() - sent);
          } else {
            reject(new Error(`${path}: status ${response.statusCode}`));
          }
        });
      })
      .on('error', reject);
  });
}
