/** The number of busy uWSGI workers, from uWSGI's stats server. */

import net from 'node:net';
import { sleep } from '../../testkit/until';

const INTERVAL_MS = 250;

/** @returns a function that ends it and returns the mean of all samples */
export function sampleBusyWorkers(statsPort: number): () => Promise<number> {
  const samples: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const busy = await busyWorkers(statsPort);
      if (busy !== undefined) {
        samples.push(busy);
      }
      await sleep(INTERVAL_MS);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  };
}

async function busyWorkers(port: number): Promise<number | undefined> {
  try {
    const text = await read(port);
    const { workers } = JSON.parse(text) as { workers: { status: string }[] };
    return workers.filter(({ status }) => status.startsWith('busy')).length;
  } catch {
    return undefined; // cut short: the next sample counts
  }
}

function read(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    net
      .connect(port, '127.0.0.1')
      .setEncoding('utf8')
      .on('data', (piece) => {
        text += piece;
      })
      .on('error', reject)
      .on('close', () => resolve(text));
  });
}
