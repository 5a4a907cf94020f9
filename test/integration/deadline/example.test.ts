/** The example "deadline" and the commands of its try.txt, with this machine's nginx and uWSGI. */

import { type Example, startExample } from '../../../testkit/servers/example';

describe('make example NAME=deadline', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('deadline');
  }, 130_000);

  afterAll(() => example?.stop());

  test('a report within its deadline is answered', async () => {
    expect(await example.tried('/reports/1')).toMatch(/^HTTP\/1.1 200 .*a report that took 1 s/s);
  });

  test("one past it gets a 504 with the route's own page, and is counted", async () => {
    const started = Date.now();
    const answer = await example.tried('/reports/20');
    const ms = Date.now() - started;
    expect(answer).toMatch(/^HTTP\/1.1 504 .*This report takes too long/s);
    expect(ms).toBeGreaterThanOrEqual(3000);
    expect(ms).toBeLessThan(12_000);
    expect(await example.tried('uniq -c')).toBe('1 late=reports');
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
    expect(await example.tried('/labels')).toMatch(/^HTTP\/1.1 200 .*label /s);
  });
});
