/** Runs `make example NAME=…` with the installed nginx and uWSGI. */

import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../clients/until';
import { freePort } from '../machines/ports';

export interface Example {
  port: number;
  /** Its output, which includes try.txt. */
  said: string;
  /**
   * Runs commands of try.txt, as the example printed them, in one shell: of each part, the first that contains it.
   *
   * @returns their output, trimmed
   */
  tried(...parts: string[]): Promise<string>;
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
    tried: (...parts) => tried(example.said, ...parts),
    stop: async () => {
      process.kill(-(make.pid as number), 'SIGINT');
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

/** As of `Example`, in what an example said. */
export async function tried(said: string, ...parts: string[]): Promise<string> {
  const commands = parts.map((part) => commandWith(said, part));
  return (await promisify(execFile)('bash', ['-c', commands.join('\n')])).stdout.trim();
}

function commandWith(said: string, part: string): string {
  const line = said.split('\n').find((each) => each.startsWith('    ') && each.includes(part));
  if (line === undefined) {
    throw new Error(`no command of try.txt contains ${part}:\n${said}`);
  }
  return line;
}
