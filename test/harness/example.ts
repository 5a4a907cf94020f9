/** An example as a user starts it, `make example NAME=…`, with this machine's nginx and uWSGI. */

import { spawn } from 'node:child_process';
import { freePort } from './ports';
import { until } from './until';

export interface Example {
  port: number;
  /** All that it wrote, try.txt among it. */
  said: string;
  /** As ctrl-C: make and what it runs. */
  stop(): Promise<void>;
}

export async function startExample(name: string): Promise<Example> {
  const port = await freePort();
  const make = spawn('make', ['example', `NAME=${name}`, `PORT=${port}`], { detached: true });
  const ended = new Promise((resolve) => make.on('close', resolve));
  const example: Example = {
    port,
    said: '',
    stop: async () => {
      process.kill(-(make.pid as number), 'SIGTERM');
      await ended;
    },
  };
  for (const stream of [make.stdout, make.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      example.said += text;
    });
  }
  await until(
    'the example answers',
    () => {
      if (make.exitCode !== null) {
        throw new Error(example.said);
      }
      return example.said.includes('ctrl-C ends it.');
    },
    120_000,
  );
  return example;
}
