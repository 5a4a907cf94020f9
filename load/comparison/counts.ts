/** What the app was asked: peers/app/called.py counts, and uWSGI's master tells. */

import net from 'node:net';

export interface Counts {
  /** Of any route: polls too. */
  calls: number;
  /** Slow calls. */
  jobs: number;
}

/** @param port of uWSGI's stats server */
export async function readCounts(port: number): Promise<Counts> {
  const { metrics } = JSON.parse(await readAll(port)) as {
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

function readAll(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (piece) => {
      text += piece;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
