/** The commands of try.txt of the example "farm", with the installed nginx and uWSGI. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Example, startExample } from '../../../testkit/example';

const run = promisify(execFile);

describe('make example NAME=farm', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('farm');
  }, 130_000);

  afterAll(() => example?.stop());

  /** Runs the command of try.txt that contains `part`, as the example printed it. */
  const runCommand = async (part: string) => {
    const line = example.said
      .split('\n')
      .find((each) => each.startsWith('    ') && each.includes(part));
    const { stdout } = await run('bash', ['-c', line ?? `echo no command contains ${part}; false`]);
    return stdout.trim().split('\n');
  };

  test('while one backend is busy, the others respond', async () => {
    const lines = await runCommand('ms=5000');
    expect(lines).toHaveLength(7);
    const [busy, ...others] = lines.map((line) => line.split(' ')[0]).reverse();
    expect(others).not.toContain(busy);
    expect(new Set(others).size).toBe(3);
  });

  test('offloaded work returns its result', async () => {
    expect((await runCommand('/report'))[0]).toMatch(/^the report, returned by \d\.sock$/);
  });

  test('farm.sh reload reloads each backend, and all respond', async () => {
    expect(await runCommand('farm.sh reload')).toEqual(
      [1, 2, 3, 4].map((number) => `reloading ${number}`),
    );
    expect(await runCommand('ms=5000')).toHaveLength(7);
  });
});
