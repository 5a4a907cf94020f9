/** Simultaneous calls, each on a separate connection. */

import http from 'node:http';

export interface Outcome {
  name: string;
  calls: number;
  /** ms of each correct response, in order. */
  answered: number[];
  errors: number;
  /** ms from the first call to the last response. */
  wall: number;
}

/** @param cutOff timeout of a call, ms */
export async function run(
  name: string,
  url: string,
  calls: number,
  cutOff: number,
): Promise<Outcome> {
  const outcome: Outcome = { name, calls, answered: [], errors: 0, wall: 0 };
  const started = Date.now();
  const isTerminal = process.stdout.isTTY;
  const progress = () => {
    const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
    const line = `${name.padEnd(10)} ${seconds} s: ${outcome.answered.length} answered, ${outcome.errors} errors`;
    process.stdout.write(isTerminal ? `\r${line} ` : `${line}\n`);
  };
  const timer = setInterval(progress, isTerminal ? 250 : 2500);
  const bodies = new Set<string>();
  await Promise.all(
    Array.from({ length: calls }, async () => {
      const body = await call(url, cutOff);
      // each job has a unique result; the blocking route always returns the same text
      if (body === undefined || (body.startsWith('result') && bodies.has(body))) {
        outcome.errors++;
      } else {
        bodies.add(body);
        outcome.answered.push(Date.now() - started);
      }
    }),
  );
  outcome.wall = Date.now() - started;
  clearInterval(timer);
  progress();
  process.stdout.write(isTerminal ? '\n' : '');
  return outcome;
}

/** @returns the body of a 200, or undefined */
function call(url: string, cutOff: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined));
      response.on('aborted', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
    setTimeout(() => request.destroy(), cutOff).unref();
  });
}
