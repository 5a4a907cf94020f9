/** How many of uWSGI's workers are busy, by its stats server. */

import net from 'node:net';
import { sleep } from '../../test/harness/until';

const EVERY_MS = 250;

/** @returns what ends it, with the mean of all looks */
export function watch(statsPort: number): () => Promise<number> {
  const looks: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const busy = await busyWorkers(statsPort);
      if (busy !== undefined) {
        looks.push(busy);
      }
      await sleep(EVERY_MS);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return looks.reduce((sum, look) => sum + look, 0) / looks.length;
  };
}

async function busyWorkers(port: number): Promise<number | undefined> {
  try {
    const text = await read(port);
    const { workers } = JSON.parse(text) as { workers: { status: string }[] };
    return workers.filter(({ status }) => status.startsWith('busy')).length;
  } catch {
    return undefined; // cut short: the next look tells
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
