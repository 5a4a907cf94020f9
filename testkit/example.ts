/** Runs `make example NAME=…` with the installed nginx and uWSGI. */

import { spawn } from 'node:child_process';
import { freePort } from './ports';
import { until } from './until';

export interface Example {
  port: number;
  /** Its output, which includes try.txt. */
  said: string;
  /** Stops make and the processes that it started, as Ctrl-C does. */
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
    'the example is running',
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
