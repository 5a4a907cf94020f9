/** Clients that come when they come, however long those before them wait. */

import http from 'node:http';
import type { Arrival } from './arrivals';

export interface Answered extends Arrival {
  /** ms from when it came to its whole answer. */
  ms: number;
}

/**
 * @param kind of work, a path of app.py
 * @returns the answers, in the order of the arrivals; fails where one is no 200
 */
export async function ask(
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
    // failures are found once all have come
    answer.catch(() => {});
  }
  return Promise.all(answers);
}

function get(port: number, path: string): Promise<number> {
  const asked = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        response.resume();
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) {
            resolve(performance.now() - asked);
          } else {
            reject(new Error(`${path}: a ${response.statusCode}`));
          }
        });
      })
      .on('error', reject);
  });
}
