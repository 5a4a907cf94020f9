/** Requests to the app, counted by peers/app/counted.py and read from uWSGI's stats server. */

import net from 'node:net';
import { sleep } from '../../testkit/until';

const TIMEOUT_MS = 15_000;

export interface Counts {
  /** All requests, including polls. */
  calls: number;
  /** Slow calls. */
  jobs: number;
}

/** @param port of uWSGI's stats server, which may start later than the workers */
export async function readCounts(port: number): Promise<Counts> {
  const { metrics } = JSON.parse(await readAll(port, Date.now() + TIMEOUT_MS)) as {
    metrics: Record<string, { value: number } | undefined>;
  };
  const metric = (name: string) => {
    const value = metrics[name]?.value;
    if (value === undefined) {
      throw new Error(`uWSGI has no metric ${name}`);
    }
    return value;
  };
  return { calls: metric('calls'), jobs: metric('jobs') };
}

function readAll(port: number, end: number): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (piece) => {
      text += piece;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  }).catch(async (error) => {
    if (Date.now() > end) {
      throw new Error(`uWSGI's stats server: ${error}`);
    }
    await sleep(100);
    return readAll(port, end);
  });
}
