/** The example "farm", as its try.txt has it tried; with this machine's nginx and uWSGI. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Example, startExample } from '../../harness/example';

const run = promisify(execFile);

describe('make example NAME=farm', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('farm');
  }, 130_000);

  afterAll(() => example?.stop());

  /** A command of try.txt, as the example printed it. */
  const tried = async (part: string) => {
    const line = example.said
      .split('\n')
      .find((each) => each.startsWith('    ') && each.includes(part));
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
