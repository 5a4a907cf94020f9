/** The example "farm", as its try.txt has it tried; with this machine's nginx and uWSGI. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../harness/nginx';
import { until } from '../harness/until';

const run = promisify(execFile);

describe('make example NAME=farm', () => {
  let example: ChildProcess;
  let ended: Promise<void>;
  let said = '';

  beforeAll(async () => {
    const port = await freePort();
    example = spawn('make', ['example', 'NAME=farm', `PORT=${port}`], { detached: true });
    ended = new Promise((resolve) => example.on('close', () => resolve()));
    for (const stream of [example.stdout, example.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    await until(
      'the example answers',
      () => {
        if (example.exitCode !== null) {
          throw new Error(said);
        }
        return said.includes('ctrl-C ends it.');
      },
      120_000,
    );
  }, 130_000);

  afterAll(async () => {
    // as ctrl-C: make and what it runs
    process.kill(-(example.pid as number), 'SIGTERM');
    await ended;
  });

  /** A command of try.txt, as the example printed it. */
  const tried = async (part: string) => {
    const line = said.split('\n').find((each) => each.startsWith('    ') && each.includes(part));
    const { stdout } = await run('bash', [
      '-c',
      line ?? `echo nothing is tried with ${part}; false`,
    ]);
    return stdout.trim().split('\n');
  };

  test('while one backend is busy, the others answer', async () => {
    const lines = await tried('ms=5000');
    expect(lines).toHaveLength(7);
    const [busy, ...others] = lines.map((line) => line.split(' ')[0]).reverse();
    expect(others).not.toContain(busy);
    expect(new Set(others).size).toBe(3);
  });

  test('work that is offloaded has its result', async () => {
    expect((await tried('/report'))[0]).toMatch(/^the report, of which \d\.sock was asked last$/);
  });

  test('each backend loads its app again, and all answer', async () => {
    expect(await tried('farm.sh reload')).toEqual(
      [1, 2, 3, 4].map((number) => `${number} loads its app again`),
    );
    expect(await tried('ms=5000')).toHaveLength(7);
  });
});
