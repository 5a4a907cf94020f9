import { readFileSync } from 'node:fs';
import type { Results, Run } from '../../../../load/scale/results';
import { cpuMillis, kilobytes, shortTable, verdict } from '../../../../load/scale/table';

const results: Results = JSON.parse(readFileSync('load/results/scale.json', 'utf8'));
const [first] = results.runs as [Run];

/** @param kb of memory for each client */
function run(held: number, kb: number, wrong = {}): Run {
  const memory = { atRest: 1_000_000, peak: 1_000_000 + held * kb * 1024, after: 0 };
  const measured = { ...first.measured, held, heldSeconds: 10_000, nginxCpuSeconds: 5, memory };
  return { ...first, held, seconds: 30, engine: 'njs', measured: { ...measured, wrong } };
}

test('memory is per held client, CPU time per second that a client is held', () => {
  expect(kilobytes(run(1000, 100))).toBe(100);
  expect(cpuMillis(run(1000, 100))).toBe(0.5);
});

test('the short table has the fewest and the most clients of each nginx', () => {
  const runs = [
    run(1000, 1),
    run(2000, 2),
    run(5000, 5),
    { ...run(3000, 3), engine: 'qjs' as const },
  ];
  const cells = [...shortTable({ ...results, runs }).matchAll(/(\d+) KB/g)];
  expect(cells.map(([, kb]) => kb)).toEqual(['1', '5', '3']);
});

test('a goal is reached if all responses are right and memory is below it, or not measured', () => {
  const goal = { engine: 'njs', held: 10_000, seconds: 30, kilobytes: 70 } as const;
  const said = (...runs: Run[]) => verdict(goal, { ...results, runs });
  expect(said(run(10_000, 69))).toContain(': reached (69 KB, 10000 right');
  expect(said(run(10_000, 70))).toContain(': not reached (70 KB');
  expect(said(run(10_000, 69, { ECONNRESET: 1 }))).toContain(': not reached (69 KB, 9999 right');
  expect(said(run(5000, 69))).toContain(': not measured');
});
