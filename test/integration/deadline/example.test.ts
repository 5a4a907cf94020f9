/** The example "deadline" and the commands of its try.txt, with this machine's nginx and uWSGI. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Example, startExample } from '../../../testkit/example';

const run = promisify(execFile);

describe('make example NAME=deadline', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('deadline');
  }, 130_000);

  afterAll(() => example?.stop());

  /** A command of try.txt, as the example printed it. */
  const tried = async (part: string) => {
    const line = example.said
      .split('\n')
      .find((each) => each.startsWith('    ') && each.includes(part));
    const started = Date.now();
    const { stdout } = await run('sh', ['-c', line ?? `echo nothing is tried with ${part}; false`]);
    return { stdout, ms: Date.now() - started };
  };

  test('a report within its deadline is answered', async () => {
    expect((await tried('/reports/1')).stdout).toMatch(/^HTTP\/1.1 200 .*a report that took 1 s/s);
  });

  test("one past it gets a 504 with the route's own page, and is counted", async () => {
    const { stdout, ms } = await tried('/reports/20');
    expect(stdout).toMatch(/^HTTP\/1.1 504 .*This report takes too long/s);
    expect(ms).toBeGreaterThanOrEqual(3000);
    expect(ms).toBeLessThan(12_000);
    expect((await tried('uniq -c')).stdout).toMatch(/^ +1 late=reports\n$/);
  });

  test('of six reports on two workers, those that waited too long are refused once a worker is free', async () => {
    const codes = Array.from({ length: 6 }, async () => {
      const url = `http://127.0.0.1:${example.port}/reports/20`;
      const started = Date.now();
      const { status } = await fetch(url);
      return { status, isOneDeadline: Date.now() - started < 12_000 };
    });
    expect(await Promise.all(codes)).toEqual(
      codes.map(() => ({ status: 504, isOneDeadline: true })),
    );
  });

  test('a label takes longer than the deadline of its route, and is offloaded', async () => {
    expect((await tried('/labels')).stdout).toMatch(/^HTTP\/1.1 200 .*label /s);
  });
});
